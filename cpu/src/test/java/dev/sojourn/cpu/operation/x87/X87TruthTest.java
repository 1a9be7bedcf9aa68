package dev.sojourn.cpu.operation.x87;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Replays instructions recorded on a real processor (Intel, 2023). */
class X87TruthTest {
    private static List<String> lines() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(X87TruthTest.class.getResourceAsStream("X87Truth.txt.gz")),
                StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        }
    }

    @Test void recordedInstructionsGiveTheRecordedResults() throws IOException {
        List<String> lines = lines();
        assertTrue(lines.size() > 4000, lines.size() + " lines");
        for (String line : lines) {
            String[] halves = line.split(" > ");
            X87Case given = X87Case.parse(halves[0]);
            X87Outcome expected = X87Outcome.parse(halves[1]);
            X87Outcome actual = given.run();
            if (!(given.approximate() && actual.near(expected))) {
                assertEquals(expected.toString(), actual.toString(), halves[0]);
            }
        }
    }
}
