package dev.sojourn.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrequencyTest {
    @Test void countsWholeTicks() {
        Frequency pit = new Frequency(1_193_182);
        assertEquals(0, pit.ticksAt(838));
        assertEquals(1, pit.ticksAt(839));
        assertEquals(1_193_182L * 86_400 * 365, pit.ticksAt(86_400L * 365 * 1_000_000_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 32_768, 1_193_182, 3_579_545, 999_999_999, 1_000_000_000, 3_000_000_001L, 9_000_000_000L})
    void theTimeOfATickIsTheFirstThatHasIt(long hertz) {
        Frequency frequency = new Frequency(hertz);
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long tick = random.nextLong(hertz * 1_000_000 + 1);
            long nanos = frequency.nanosAt(tick);
            assertTrue(frequency.ticksAt(nanos) >= tick, tick + " at " + nanos);
            assertTrue(nanos == 0 || frequency.ticksAt(nanos - 1) < tick, tick + " before " + nanos);
        }
    }

    @Test void aTickTheClockCannotReachIsNever() {
        assertEquals(Alarms.NEVER, new Frequency(1).nanosAt(Long.MAX_VALUE));
        assertEquals(Alarms.NEVER, new Frequency(1_000_000_000).nanosAt(Long.MAX_VALUE));
    }

    @Test void refusesWhatWouldOverflow() {
        assertThrows(IllegalArgumentException.class, () -> new Frequency(0));
        assertThrows(IllegalArgumentException.class, () -> new Frequency(Frequency.HERTZ_MAX + 1));
    }
}
