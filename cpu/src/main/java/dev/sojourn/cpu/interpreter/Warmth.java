package dev.sojourn.cpu.interpreter;

/**
 * Whether the JVM has compiled a region's code, as far as its speed tells.
 *
 * <p>A class just made runs in the JVM's own interpreter, several times slower than ours, and does so again when the JVM drops
 * code whose assumptions failed. So a region is tried for one pass at a time until it is fast; only then does it get the
 * rest of a turn. Time decides here who runs instructions, never what they do.
 */
final class Warmth {
    /** Tries in a row, enough for the JVM to take notice. */
    private static final int EAGER = 256;

    /** After them, and while it is fast, one in so many is timed. */
    private static final int SELDOM = 32;

    /** What code of the JVM's compilers stays below, in nanoseconds: to go in and out, and for an instruction. */
    private static final int ENTRY_NANOS = 250;

    private static final int INSTRUCTION_NANOS = 10;

    private boolean warm;
    private int tries;

    /** Whether to run compiled code now; if not, the block it begins with is interpreted. */
    boolean isDue() { return warm || tries < EAGER || ++tries % SELDOM == 0; }

    boolean isWarm() { return warm; }

    /** Whether this run is to be timed. */
    boolean isTimed() {
        tries++;
        return !warm || tries % SELDOM == 0;
    }

    /** Learns how long a run took. */
    void timed(long nanos, long instructions) {
        boolean fast = nanos < ENTRY_NANOS + INSTRUCTION_NANOS * instructions;
        if (warm && !fast) {
            tries = 0;
        }
        warm = fast;
    }
}
