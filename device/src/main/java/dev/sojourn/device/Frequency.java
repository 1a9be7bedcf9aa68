package dev.sojourn.device;

/**
 * A clock signal that counts from power-on: between nanoseconds of the machine's clock and whole ticks, without
 * overflow.
 *
 * @param hertz ticks a second, 1 to {@link #HERTZ_MAX}
 */
public record Frequency(long hertz) {
    /** The highest frequency whose products stay within 64 bits; above it {@code hertz * 10^9} would not. */
    public static final long HERTZ_MAX = 9_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public Frequency {
        if (hertz < 1 || hertz > HERTZ_MAX) {
            throw new IllegalArgumentException("Frequency of " + hertz + " Hz, not 1 to " + HERTZ_MAX);
        }
    }

    /** Whole ticks done at a time; right for the first 30 years at the highest frequency. */
    public long ticksAt(long nanos) {
        return nanos / NANOS_PER_SECOND * hertz + nanos % NANOS_PER_SECOND * hertz / NANOS_PER_SECOND;
    }

    /** The first nanosecond at which {@code ticks} are done; {@link Alarms#NEVER} if the clock does not reach it. */
    public long nanosAt(long ticks) {
        long seconds = ticks / hertz;
        if (seconds >= Long.MAX_VALUE / NANOS_PER_SECOND) {
            return Alarms.NEVER;
        }
        return seconds * NANOS_PER_SECOND + Math.ceilDiv(ticks % hertz * NANOS_PER_SECOND, hertz);
    }
}
