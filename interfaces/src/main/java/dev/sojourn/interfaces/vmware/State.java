package dev.sojourn.interfaces.vmware;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * What one processor holds; all else of the interface has no state.
 *
 * @param stealPage where stolen time is told, {@link #NO_PAGE} if nowhere
 * @param stolenNanos how long the processor waited for its turn
 */
record State(long stealPage, long stolenNanos) {
    static final long NO_PAGE = 1;
    static final State POWER_ON = new State(NO_PAGE, 0);

    void save(StateWriter out) { out.number("steal-page", stealPage).number("stolen-nanos", stolenNanos); }

    static State read(StateReader in) throws BadState { return new State(in.number("steal-page"), in.number("stolen-nanos")); }
}
