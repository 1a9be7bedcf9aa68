package dev.sojourn.testkit.generator;

/** A source of chance that gives the same for the same seed, on every computer and for ever (SplitMix64). */
final class Chance {
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private long state;

    Chance(long seed) { state = seed; }

    static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    long bits() { return mix(state += GOLDEN); }

    int below(int bound) { return (int) ((bits() >>> 33) % bound); }

    /** From {@code from} to {@code to}, both included. */
    int between(int from, int to) { return from + below(to - from + 1); }

    boolean oneIn(int n) { return below(n) == 0; }

    boolean percent(int n) { return below(100) < n; }

    int pick(int... values) { return values[below(values.length)]; }

    long pick(long... values) { return values[below(values.length)]; }
}
