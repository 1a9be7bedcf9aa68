package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
    @Test void bytesComeFromTheEndOfTheProcessLine() {
        byte[] line = "java\0-cp\0x\0Main\0run\0\377?\0\0".getBytes(StandardCharsets.ISO_8859_1);
        List<byte[]> raw = RawArguments.of(List.of("run", "\ufffd?", ""), line);
        assertEquals(3, raw.size());
        assertArrayEquals(new byte[] {(byte) 0xff, '?'}, raw.get(1));
        assertEquals(0, raw.get(2).length);
    }

    @Test void anotherProgramsLineIsNotBelieved() {
        List<byte[]> raw = RawArguments.of(List.of("run", "é"), "surefire\0abc\0".getBytes(StandardCharsets.US_ASCII));
        assertArrayEquals("é".getBytes(StandardCharsets.UTF_8), raw.get(1));
        assertEquals(1, RawArguments.of(List.of("x"), new byte[0]).size());
    }
}
