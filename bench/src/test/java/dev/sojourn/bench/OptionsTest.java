package dev.sojourn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void everythingIsMeasuredFiveTimesUnlessAskedOtherwise() {
        Options options = Options.parse();

        assertEquals(5, options.pairs());
        assertEquals(Set.copyOf(Options.PARTS), options.parts());
    }

    @Test
    void someParts() { assertEquals(Set.of("loop", "boot"), Options.parse("--only", "boot,loop").parts()); }

    @Test
    void unknownPartIsRefused() { assertRefused("--only", "disk"); }

    @Test
    void programWithoutScalesIsRefused() { assertRefused("--program", "guest"); }

    @Test
    void noPairsAreRefused() { assertRefused("--pairs", "0"); }

    @Test
    void optionWithoutItsValueIsRefused() { assertRefused("--kernel"); }

    private static void assertRefused(String... arguments) {
        assertThrows(IllegalArgumentException.class, () -> Options.parse(arguments));
    }
}
