package dev.sojourn.interfaces.vmware;

/**
 * What one processor holds; all else of the interface has no state.
 *
 * @param stealPage where stolen time is told, {@link #NO_PAGE} if nowhere
 * @param stolenNanos how long the processor waited for its turn
 */
record State(long stealPage, long stolenNanos) {
    static final long NO_PAGE = 1;
    static final State POWER_ON = new State(NO_PAGE, 0);
}
