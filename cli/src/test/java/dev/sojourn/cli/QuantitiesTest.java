package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.sandbox.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({"256M, 268435456", "1G, 1073741824", "512MiB, 536870912", "512mb, 536870912", "4096, 4096", "2k, 2048",
            "7B, 7", "0, 0",
        "1T, 1099511627776"})
    void sizesAreRead(String text, long bytes) throws UsageError {
        assertEquals(bytes, Quantities.bytes("--memory", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "-1M", "1.5G", "1 G", "1GG", "0x10", "1e3", "9999999999999", "999999999999T",
            "١M"})
    void otherSizesAreRefused(String text) {
        UsageError error = assertThrows(UsageError.class, () -> Quantities.bytes("--memory", text));
        assertTrue(error.getMessage().startsWith("--memory ") && error.getMessage().contains("'" + text + "'"),
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"60s, 60000", "60, 60000", "500ms, 500", "1.5s, 1500", "2m, 120000", "1h, 3600000", "1d, 86400000",
            "0.25m, 15000"})
    void timesAreRead(String text, long millis) throws UsageError {
        assertEquals(Duration.ofMillis(millis), Quantities.duration("--timeout", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "0", "0s", "1 s", "1y", "1e9", "999999999d", "1.2.3s", ".5s"})
    void otherTimesAreRefused(String text) {
        assertThrows(UsageError.class, () -> Quantities.duration("--timeout", text));
    }

    @Test void quantitiesAreSaidInTheirLargestWholeUnit() {
        assertEquals("256M", Quantities.sizeText(256L << 20));
        assertEquals("64G", Quantities.sizeText(64L << 30));
        assertEquals("1025 bytes", Quantities.sizeText(1025));
        assertEquals("90s", Verdict.timeText(Duration.ofSeconds(90)));
        assertEquals("2m", Verdict.timeText(Duration.ofSeconds(120)));
        assertEquals("1h", Verdict.timeText(Duration.ofHours(1)));
        assertEquals("1500ms", Verdict.timeText(Duration.ofMillis(1500)));
    }
}
