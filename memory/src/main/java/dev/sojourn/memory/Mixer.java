package dev.sojourn.memory;

/** A digest of a sequence of 64-bit values: fast, the same on every computer, and no protection against forgery. */
public final class Mixer {
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
    private static final long ODD = 0xd6e8_feb8_6659_fd93L;

    private long state = SPREAD;

    /** Nothing taken in yet. */
    public Mixer() {}

    public Mixer add(long value) {
        state = step(state, value);
        return this;
    }

    public Mixer add(boolean value) { return add(value ? 1 : 0); }

    public Mixer add(long[] values) {
        for (long value : values) {
            add(value);
        }
        return this;
    }

    /** The digest of all that was added. */
    public long digest() { return finish(state); }

    static long step(long state, long value) { return Long.rotateLeft((state ^ value) * ODD, 29) + SPREAD; }

    static long finish(long state) {
        long mixed = (state ^ state >>> 32) * ODD;
        mixed = (mixed ^ mixed >>> 32) * ODD;
        return mixed ^ mixed >>> 32;
    }
}
