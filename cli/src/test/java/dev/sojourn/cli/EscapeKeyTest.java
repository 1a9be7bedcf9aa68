package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapeKeyTest {
    @ParameterizedTest
    @CsvSource({"a]]]b, 1", "]]a]], 0", "]]], 1", "]]]]]], 1", "abc, 0"})
    void threePressesInRowAreSeenAndPassedOn(String keys, int times) throws IOException {
        AtomicInteger pressed = new AtomicInteger();
        byte[] sent = keys.replace(']', '\u001d').getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(sent, new EscapeKey(new ByteArrayInputStream(sent), pressed::incrementAndGet).readAllBytes());
        assertEquals(times, pressed.get());
    }
}
