package dev.sojourn.sandbox.trace;

import dev.sojourn.interfaces.ExitTrace;
import java.util.List;

/** Counts every exit by what it was, and can be asked while the machine runs. */
public final class LiveTally implements ExitTrace {
    private final ExitTally tally = new ExitTally(0, false);

    @Override public synchronized void exit(Exit exit) { tally.exit(exit); }

    /** The table so far, as in {@link ExitTally#rows}. */
    public synchronized List<ExitTally.Row> rows() { return tally.rows(); }
}
