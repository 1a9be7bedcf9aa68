package dev.sojourn.cpu.operation.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Every MMX and SSE operation against the answers of a real processor, kept in truth.gz. */
class VectorTruthTest {
    private static final int KEPT = 16;
    private static final int CASES = 20_000;

    @Test
    void operationsAnswerAsTheProcessorDid() throws IOException {
        try (DataInputStream answers = new DataInputStream(
                new GZIPInputStream(VectorTruthTest.class.getResourceAsStream("truth.gz")))) {
            assertEquals(List.of(), new VectorTruth(KEPT, CASES).differences(answers));
        }
    }
}
