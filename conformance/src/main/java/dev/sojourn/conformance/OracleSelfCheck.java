package dev.sojourn.conformance;

import dev.sojourn.testkit.generator.Generator;
import dev.sojourn.testkit.oracle.Case;
import dev.sojourn.testkit.oracle.Comparison;
import dev.sojourn.testkit.oracle.NativeProcessor;
import dev.sojourn.testkit.oracle.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs every case twice on the real processor and prints, for each row, how the cases ended; arguments are the number
 * of cases and the seed. Exits with 1 if an outcome was not the same twice.
 */
public final class OracleSelfCheck {
    private static final int BATCH = 4096;

    private final Map<String, Map<String, Integer>> endings = new TreeMap<>();
    private long dropped;
    private long unstable;

    private OracleSelfCheck() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("Usage: OracleSelfCheck <cases> <seed>");
            System.exit(2);
        }
        long count = Long.parseLong(arguments[0]);
        OracleSelfCheck check = new OracleSelfCheck();
        long start = System.nanoTime();
        check.run(new Generator(Long.decode(arguments[1])), count);
        double seconds = (System.nanoTime() - start) / 1e9;
        check.endings.forEach((row, ends) -> System.out.println(row + "  " + ends));
        System.out.printf("%d cases twice in %.1f s, %d rows, %d dropped, %d not the same twice%n", count, seconds,
                check.endings.size(), check.dropped, check.unstable);
        System.exit(check.unstable == 0 ? 0 : 1);
    }

    private void run(Generator generator, long count) {
        try (NativeProcessor processor = new NativeProcessor()) {
            for (long left = count; left > 0; left -= BATCH) {
                List<Case> cases = generator.next((int) Math.min(left, BATCH));
                List<Outcome> first = processor.run(cases);
                List<Outcome> second = processor.run(cases);
                for (int i = 0; i < cases.size(); i++) {
                    count(cases.get(i), first.get(i), second.get(i));
                }
            }
        }
    }

    private void count(Case c, Outcome first, Outcome second) {
        String ending = first.fault().toString().split("[( ]")[0];
        endings.computeIfAbsent(c.name(), _ -> new TreeMap<>()).merge(ending, 1, Integer::sum);
        if (!first.isComparable() || !second.isComparable()) {
            dropped++;
            return;
        }
        String differences = Comparison.differences(c, first, second);
        if (!differences.isEmpty()) {
            unstable++;
            System.out.println(differences);
        }
    }
}
