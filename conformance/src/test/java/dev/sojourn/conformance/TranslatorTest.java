package dev.sojourn.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The translator does what the interpreter does, instruction by instruction, faults included. */
class TranslatorTest {
    private static final int CASES = 20_000;
    private static final long SEED = 5;

    @Test
    void everyFormIsWhatTheInterpreterDoes() {
        TranslatedProcessor translated = new TranslatedProcessor();
        OracleTrial trial = EngineRun.compare(translated, CASES, SEED);
        assertEquals(0, trial.mismatched(), trial::report);
        assertTrue(translated.regions() > CASES / 2, "Only " + translated.regions() + " regions were made.");
    }
}
