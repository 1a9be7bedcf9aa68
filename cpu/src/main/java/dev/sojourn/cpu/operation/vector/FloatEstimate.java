package dev.sojourn.cpu.operation.vector;

/**
 * rcpss, rsqrtss and their packed forms: estimates that raise nothing and heed neither DAZ, FTZ nor the rounding mode.
 *
 * <p>The manual allows a relative error of 1.5 times 2 to the -12, and processors differ within it. Here an estimate
 * is the true value to 12 digits after the point: the same on every host.
 */
public final class FloatEstimate {
    private static final int SIGN = 0x8000_0000;
    private static final int INFINITY = 0x7f80_0000;
    private static final int QUIET = 0x0040_0000;
    private static final int INDEFINITE = 0xffc0_0000;
    private static final int SMALLEST_NORMAL = 0x0080_0000;
    private static final int DROPPED = 11;

    private FloatEstimate() {}

    public static int rcpss(int a) {
        int magnitude = a & ~SIGN;
        int sign = a & SIGN;
        if (magnitude > INFINITY) return a | QUIET;
        if (magnitude < SMALLEST_NORMAL) return sign | INFINITY;
        int estimate = shortened(1.0 / Float.intBitsToFloat(magnitude));
        return sign | (estimate < SMALLEST_NORMAL ? 0 : estimate);
    }

    public static int rsqrtss(int a) {
        int magnitude = a & ~SIGN;
        if (magnitude > INFINITY) return a | QUIET;
        if (magnitude < SMALLEST_NORMAL) return a & SIGN | INFINITY;
        if (a < 0) return INDEFINITE;
        return shortened(1.0 / Math.sqrt(Float.intBitsToFloat(magnitude)));
    }

    /** One half: two singles. */
    public static long rcpps(long a) { return Lanes.dwords(rcpss((int) a), rcpss(Lanes.high(a))); }

    /** One half: two singles. */
    public static long rsqrtps(long a) { return Lanes.dwords(rsqrtss((int) a), rsqrtss(Lanes.high(a))); }

    private static int shortened(double positive) {
        int bits = Float.floatToRawIntBits((float) positive);
        return bits + (1 << DROPPED - 1) >> DROPPED << DROPPED;
    }
}
