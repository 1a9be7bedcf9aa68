package dev.sojourn.machine;

/** Is told a digest of the machine's state each time its processors have executed another {@link #PERIOD} instructions. */
public interface StateLog {
    long PERIOD = 1_000_000;

    /**
     * Of processors, RAM and time, at an instruction boundary. Called on the machine's thread.
     *
     * @param instructions executed so far, by all processors
     */
    void state(long instructions, long nanos, long digest);
}
