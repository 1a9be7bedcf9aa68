package dev.sojourn.testkit.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sojourn.testkit.generator.Generator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Truth and findings come back as they were written, and damaged ones are refused. */
class FilesTest {
    private static final int CASES = 300;

    private final Generator generator = new Generator(42);
    private final List<TruthFile.Entry> entries = entries();

    @Test void truthIsReadAsWritten() throws IOException {
        same(entries, TruthFile.read(new ByteArrayInputStream(truth()), generator::of));
    }

    @Test void truthOfOtherCasesIsRefused() throws IOException {
        byte[] bytes = truth();
        Generator other = new Generator(0);
        assertThrows(IOException.class,
                () -> TruthFile.read(new ByteArrayInputStream(bytes), seed -> other.of(seed ^ 1)));
    }

    @Test void damagedTruthNeverGetsPastTheReader() throws IOException {
        byte[] whole = truth();
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = whole.clone();
            bytes[10 + random.nextInt(bytes.length - 10)] ^= (byte) (1 + random.nextInt(255));
            assertThrows(IOException.class, () -> TruthFile.read(new ByteArrayInputStream(bytes), generator::of));
        }
    }

    @Test void findingsAreReadAsWritten() {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(FindingsFile.write(entry, "a remark\nof two lines")));
        same(entries, FindingsFile.read(text.toString()));
    }

    @Test void findingWithoutCodeIsRefused() {
        String text = FindingsFile.write(entries.getFirst(), "").replace("code ", "cake ");
        assertThrows(IllegalArgumentException.class, () -> FindingsFile.read(text));
    }

    private byte[] truth() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TruthFile.write(out, entries);
        return out.toByteArray();
    }

    /** Outcomes that nobody computed will do: each case ends in the state before the next one. */
    private List<TruthFile.Entry> entries() {
        List<Case> cases = generator.next(CASES + 1);
        List<TruthFile.Entry> result = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            Fault fault = i % 3 == 0 ? Fault.NONE : Fault.of(i % 20, i, i * 0x1_0000_0001L);
            result.add(new TruthFile.Entry(cases.get(i), new Outcome(cases.get(i + 1).before(), fault)));
        }
        return result;
    }

    private static void same(List<TruthFile.Entry> expected, List<TruthFile.Entry> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).outcome(), actual.get(i).outcome());
            assertEquals(expected.get(i).c().before(), actual.get(i).c().before());
            assertEquals(expected.get(i).c().looseness(), actual.get(i).c().looseness());
            assertArrayEquals(expected.get(i).c().code(), actual.get(i).c().code());
        }
    }
}
