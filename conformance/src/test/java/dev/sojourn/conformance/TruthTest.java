package dev.sojourn.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.NativeProcessor;
import dev.sojourn.testkit.oracle.TruthFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TruthTest {
    @Test void recordedTruthCoversEveryRow() throws IOException {
        Set<String> rows = truth().stream().map(entry -> entry.c().name()).collect(Collectors.toSet());
        assertEquals(new HashSet<>(new Generator(0).names()), rows);
    }

    /** Another make of processor may differ where the manuals do; this one, whatever it is, should hardly. */
    @Test void thisProcessorAgreesWithTheRecordedOne() throws IOException {
        assumeTrue(NativeProcessor.available());
        try (NativeProcessor processor = new NativeProcessor()) {
            OracleTrial trial = new OracleTrial(c -> processor.run(List.of(c)).getFirst());
            trial.run(truth());
            assertTrue(trial.mismatched() < trial.cases() / 100, trial.report());
        }
    }

    private static List<TruthFile.Entry> truth() throws IOException {
        try (InputStream in = Objects.requireNonNull(TruthTest.class.getResourceAsStream("truth.gz"))) {
            return TruthFile.read(in, new Generator(0)::of);
        }
    }
}
