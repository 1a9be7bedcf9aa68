package dev.sojourn.conformance;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Comparison;
import dev.sojourn.testkit.oracle.FindingsFile;
import dev.sojourn.testkit.oracle.NativeProcessor;
import dev.sojourn.testkit.oracle.Outcome;
import dev.sojourn.testkit.oracle.ProcessorUnderTest;
import dev.sojourn.testkit.oracle.TruthFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A comparison of a processor under test with the real one, over many cases.
 *
 * <p>Counts cases and mismatches by row and keeps the first few mismatches of each row, so that one broken instruction
 * does not hide the others.
 */
public final class OracleTrial {
    private static final int BATCH = 2048;
    private static final int KEPT_PER_ROW = 2;

    private final ProcessorUnderTest subject;
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<Mismatch> mismatches = new ArrayList<>();
    private long cases;
    private long mismatched;
    private long dropped;

    /** A case on which the two disagree. */
    public record Mismatch(TruthFile.Entry truth, String differences) {
        /** The text to be added to a findings file. */
        public String finding() { return FindingsFile.write(truth, differences); }
    }

    private static final class Tally {
        private long cases;
        private long mismatched;
    }

    public OracleTrial(ProcessorUnderTest subject) { this.subject = subject; }

    /** Puts that many new cases to both. */
    public void run(NativeProcessor oracle, Generator generator, long count) {
        boolean bits32 = oracle.runsBits32();
        for (long left = count; left > 0; left -= BATCH) {
            List<Case> batch = new ArrayList<>(generator.next((int) Math.min(left, BATCH)));
            batch.removeIf(c -> c.bits32() && !bits32);
            List<Outcome> outcomes = oracle.run(batch);
            for (int i = 0; i < batch.size(); i++) {
                compare(new TruthFile.Entry(batch.get(i), outcomes.get(i)));
            }
        }
    }

    /** Replays what is known. */
    public void run(List<TruthFile.Entry> known) { known.forEach(this::compare); }

    private void compare(TruthFile.Entry truth) {
        if (!truth.outcome().isComparable()) {
            dropped++;
            return;
        }
        cases++;
        Tally tally = tallies.computeIfAbsent(truth.c().name(), _ -> new Tally());
        tally.cases++;
        String differences = Comparison.differences(truth.c(), truth.outcome(), subject.run(truth.c()));
        if (!differences.isEmpty()) {
            mismatched++;
            if (tally.mismatched++ < KEPT_PER_ROW) {
                mismatches.add(new Mismatch(truth, differences));
            }
        }
    }

    public long cases() { return cases; }

    public long mismatched() { return mismatched; }

    /** The first few of each row. */
    public List<Mismatch> mismatches() { return List.copyOf(mismatches); }

    /** One line in all, then one for each row with mismatches, then those that were kept. */
    public String report() {
        String rows = tallies.entrySet().stream().filter(e -> e.getValue().mismatched > 0)
                .sorted((a, b) -> Long.compare(b.getValue().mismatched, a.getValue().mismatched))
                .map(e -> "%7d of %7d  %s%n".formatted(e.getValue().mismatched, e.getValue().cases, e.getKey()))
                .collect(Collectors.joining());
        String texts = mismatches.stream().map(Mismatch::differences).collect(Collectors.joining("\n"));
        return "%d cases, %d rows, %d mismatches, %d dropped%n".formatted(cases, tallies.size(), mismatched, dropped)
                + rows + texts;
    }
}
