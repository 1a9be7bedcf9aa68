package dev.sojourn.cpu.interpreter;

/**
 * Whether the JVM has compiled a region's code, as far as its speed tells.
 *
 * <p>A class just made runs in the JVM's own interpreter, several times slower than ours, and does so again when the JVM drops
 * code whose assumptions failed. So a region is tried for one pass at a time until it is fast; only then does it get the
 * rest of a turn. Time decides here who runs instructions, never what they do.
 */
final class Warmth {
    /** Tries in a row; then one in so many entries, until the JVM must have taken notice; then ever fewer. */
    private static final int EAGER = 48;

    private static final int INTERVAL = 8;
    private static final int NOTICED = 256;
    private static final int INTERVAL_MAX = 4096;

    /** While it is fast, one run in so many is timed. */
    private static final int TIMED = 32;

    /** What code of the JVM's compilers stays below, in nanoseconds: to go in and out, and for an instruction. */
    private static final int ENTRY_NANOS = 500;

    private static final int INSTRUCTION_NANOS = 15;

    private boolean warm;
    private int runs;
    private int interval = INTERVAL;
    private int wait;

    /** Whether to run compiled code now; if not, the block it begins with is interpreted. */
    boolean isDue() { return warm || runs < EAGER || --wait <= 0; }

    boolean isWarm() { return warm; }

    /** Whether this run is to be timed. */
    boolean isTimed() { return !warm || ++runs % TIMED == 0; }

    /** Learns how long a run took. */
    void timed(long nanos, long instructions) {
        boolean fast = nanos < ENTRY_NANOS + INSTRUCTION_NANOS * instructions;
        if (fast == warm) {
            runs++;
            if (!fast && runs > NOTICED) {
                interval = Math.min(2 * interval, INTERVAL_MAX);
            }
            wait = interval;
            return;
        }
        warm = fast;
        runs = 0;
        interval = INTERVAL;
    }
}
