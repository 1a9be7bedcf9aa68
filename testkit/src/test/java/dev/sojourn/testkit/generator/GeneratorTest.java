package dev.sojourn.testkit.generator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Comparison;
import dev.sojourn.testkit.oracle.NativeProcessor;
import dev.sojourn.testkit.oracle.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int CASES = 40_000;

    @Test void caseComesAgainFromItsSeed() {
        for (Case c : new Generator(7).next(2_000)) {
            Case again = new Generator(99).of(c.seed());
            assertArrayEquals(c.code(), again.code());
            assertEquals(c.before(), again.before());
            assertEquals(c.looseness(), again.looseness());
        }
    }

    @Test void rowsHaveDistinctNames() {
        List<String> names = new Generator(0).names();
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @Test void realProcessorAnswersTheSameTwiceAndFinishesEveryRow() {
        assumeTrue(NativeProcessor.available());
        Generator generator = new Generator(0x5eed);
        Set<String> compared = new HashSet<>();
        int dropped = 0;
        try (NativeProcessor processor = new NativeProcessor()) {
            assumeTrue(processor.runsBits32());
            List<Case> cases = generator.next(CASES);
            List<Outcome> first = processor.run(cases);
            List<Outcome> second = processor.run(cases);
            for (int i = 0; i < CASES; i++) {
                if (first.get(i).isComparable()) {
                    assertEquals("", Comparison.differences(cases.get(i), first.get(i), second.get(i)));
                    compared.add(cases.get(i).name());
                } else {
                    dropped++;
                }
            }
        }
        assertEquals(generator.names().size(), compared.size());
        assertTrue(dropped < CASES / 100, "Dropped: " + dropped);
    }
}
