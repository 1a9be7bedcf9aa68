package dev.sojourn.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.FindingsFile;
import dev.sojourn.testkit.oracle.NativeProcessor;
import dev.sojourn.testkit.oracle.TruthFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The interpreter against real processors.
 *
 * <p>What is recorded runs everywhere and must agree in everything. Where there is an x86-64 processor, random cases
 * are put to it too; one of another make than the recorded one, which shows in that it does not agree with the record
 * either, may differ where the manuals let it.
 */
class InterpreterTest {
    private static final int CASES = 150_000;
    private static final long SEED = Long.getLong("sojourn.oracle.seed", 1);

    @Test void agreesWithTheRecordedTruth() throws IOException {
        OracleTrial trial = new OracleTrial(new InterpretedProcessor());
        trial.run(truth());
        assertEquals(0, trial.mismatched(), trial::report);
    }

    @Test void agreesWithAllFindings() throws IOException {
        OracleTrial trial = new OracleTrial(new InterpretedProcessor());
        trial.run(FindingsFile.read(findings()));
        assertTrue(trial.cases() > 0);
        assertEquals(0, trial.mismatched(), trial::report);
    }

    @Test void agreesWithTheProcessorOfThisComputer() throws IOException {
        assumeTrue(NativeProcessor.available());
        OracleTrial trial = new OracleTrial(new InterpretedProcessor());
        try (NativeProcessor processor = new NativeProcessor()) {
            long different = differences(processor);
            trial.run(processor, new Generator(SEED), CASES);
            long allowed = different == 0 ? 0 : trial.cases() / 100;
            assertTrue(trial.mismatched() <= allowed,
                    () -> "Seed %d; %d differences from the record%n%s".formatted(SEED, different, trial.report()));
        }
    }

    /** How often a processor does not do what the recorded one did. */
    private static long differences(NativeProcessor processor) throws IOException {
        OracleTrial trial = new OracleTrial(c -> processor.run(List.of(c)).getFirst());
        trial.run(truth());
        return trial.mismatched();
    }

    private static List<TruthFile.Entry> truth() throws IOException {
        try (InputStream in = open("truth.gz")) {
            return TruthFile.read(in, new Generator(0)::of);
        }
    }

    private static String findings() throws IOException {
        try (InputStream in = open("findings.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(InterpreterTest.class.getResourceAsStream(name));
    }
}
