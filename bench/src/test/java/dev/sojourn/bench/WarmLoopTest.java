package dev.sojourn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.boot.image.BadImage;
import org.junit.jupiter.api.Test;

class WarmLoopTest {
    /** From the second round on the checksum reads what a round before it left. */
    @Test
    void everyRoundExecutesTheSameNumberOfInstructions() throws BadImage {
        long one = executed(1);
        long two = executed(2);
        long three = executed(3);

        assertTrue(two - one > 100_000, "instructions of a round: " + (two - one));
        assertEquals(two - one, three - two);
    }

    private static long executed(long rounds) throws BadImage {
        try (BareProcessor processor = new BareProcessor(WarmLoop.image(rounds))) {
            return processor.runToEnd();
        }
    }
}
