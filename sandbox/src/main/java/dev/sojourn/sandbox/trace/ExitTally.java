package dev.sojourn.sandbox.trace;

import dev.sojourn.interfaces.ExitTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts every exit by what it was, and keeps the first of those that are the interface's. Used on the machine's thread. */
public final class ExitTally implements ExitTrace {
    /** Names beyond these are counted as one: a guest may call whatever it likes. */
    static final int NAMES_MAX = 500;

    static final String OTHERS = "others";

    private final int callsMax;
    private final boolean all;
    private final Map<What, Row> rows = new LinkedHashMap<>();
    private final List<Exit> calls = new ArrayList<>();
    private long dropped;

    /** What is counted together. */
    public record What(Kind kind, boolean ofInterface, String name) {}

    /**
     * A line of the table.
     *
     * @param refused how many of them the guest was told do not exist
     */
    public record Row(What what, long count, long refused, long nanos) {
        Row plus(Exit exit) {
            return new Row(what, count + 1, refused + (exit.refused() ? 1 : 0), nanos + exit.tookNanos());
        }
    }

    /**
     * @param callsMax how many calls are kept one by one
     * @param all whether exits to the chips and the processor model are kept too
     */
    public ExitTally(int callsMax, boolean all) {
        this.callsMax = callsMax;
        this.all = all;
    }

    @Override public void exit(Exit exit) {
        What what = new What(exit.kind(), exit.ofInterface(), exit.call().name());
        if (!rows.containsKey(what) && rows.size() >= NAMES_MAX) what = new What(exit.kind(), exit.ofInterface(), OTHERS);
        rows.put(what, rows.getOrDefault(what, new Row(what, 0, 0, 0)).plus(exit));
        if (!exit.ofInterface() && !all) return;
        if (calls.size() < callsMax) {
            calls.add(exit);
        } else {
            dropped++;
        }
    }

    /** The table: the interface's own first, then by how often. */
    public List<Row> rows() {
        return rows.values().stream().sorted(Comparator.comparing((Row row) -> !row.what().ofInterface())
                .thenComparing(Comparator.comparingLong(Row::count).reversed())
                .thenComparing(row -> row.what().kind()).thenComparing(row -> row.what().name())).toList();
    }

    /** The first calls, in their order. */
    public List<Exit> calls() { return List.copyOf(calls); }

    /** How many calls there were after those. */
    public long dropped() { return dropped; }

    /** How many exits there were of a kind, to the interface or to anything else. */
    public long count(Kind kind, boolean ofInterface) {
        return rows.values().stream().filter(row -> row.what().kind() == kind && row.what().ofInterface() == ofInterface)
                .mapToLong(Row::count).sum();
    }

    /** How many calls of the interface the guest was told do not exist. */
    public long refused() { return rows.values().stream().filter(row -> row.what().ofInterface()).mapToLong(Row::refused).sum(); }
}
