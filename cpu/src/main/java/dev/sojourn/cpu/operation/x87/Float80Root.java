package dev.sojourn.cpu.operation.x87;

/** The square root. */
public final class Float80Root {
    private static final double TWO_64 = 0x1p64;

    private Float80Root() {}

    public static boolean squareRoot(X87 fpu, int to, long a, int aExponent) {
        if (Float80.notNumber(a, aExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent);
        }
        fpu.flags &= ~X87.C1;
        if (a == 0) {
            fpu.put(to, 0, aExponent);
            return true;
        }
        if ((aExponent & Float80.SIGN) != 0) {
            return fpu.invalid(to);
        }
        if (Float80.infinite(a, aExponent)) {
            fpu.put(to, a, aExponent);
            return true;
        }
        if (Float80Arithmetic.denormalStops(fpu, a, aExponent)) {
            return false;
        }
        return root(fpu, to, Float80.normalSignificand(a), Float80.normalExponent(a, aExponent));
    }

    /**
     * The root of a 128-bit radicand with an even exponent, by one correction of the root in double precision: that is
     * good to 52 bits, so that the rest fits 78 bits and the correction a double again.
     */
    private static boolean root(X87 fpu, int to, long significand, int biased) {
        int exponent = biased - Float80.EXPONENT_BIAS;
        int odd = exponent & 1;
        long high = significand >>> 1 - odd;
        long low = significand << 63 + odd & ~(-(long) odd);
        double estimate = Math.sqrt(unsigned(high)) * 0x1p32;
        long root = estimate >= TWO_64 ? -1L : (long) (estimate * 0.5) << 1;
        long restLow = low - root * root;
        long restHigh = high - Math.unsignedMultiplyHigh(root, root)
                - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0);
        long correction = (long) ((restHigh * TWO_64 + unsigned(restLow)) / (2.0 * estimate));
        long corrected = root + correction;
        if (corrected >= 0) {
            corrected = correction < 0 ? Long.MIN_VALUE : -1L;
        }
        return exactRoot(fpu, to, high, low, corrected, (exponent - odd >> 1) + Float80.EXPONENT_BIAS);
    }

    /** Moves an estimate that is off by a few to the floor of the root, and rounds by what is left. */
    private static boolean exactRoot(X87 fpu, int to, long high, long low, long estimate, int exponent) {
        long root = estimate;
        long restLow = low - root * root;
        long restHigh = high - Math.unsignedMultiplyHigh(root, root)
                - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0);
        while (restHigh < 0) {
            root--;
            long added = root << 1 | 1;
            restLow += added;
            restHigh += (root >>> 63) + (Long.compareUnsigned(restLow, added) < 0 ? 1 : 0);
        }
        while (restHigh > (root >>> 63) || restHigh == root >>> 63 && Long.compareUnsigned(restLow, root << 1) > 0) {
            long taken = root << 1 | 1;
            restHigh -= (root >>> 63) + (Long.compareUnsigned(restLow, taken) < 0 ? 1 : 0);
            restLow -= taken;
            root++;
        }
        long below = 0;
        if ((restHigh | restLow) != 0) {
            below = restHigh != 0 || Long.compareUnsigned(restLow, root) > 0 ? Long.MIN_VALUE | 1 : 1;
        }
        return Float80Rounding.pack(fpu, to, 0, exponent, root, below);
    }

    private static double unsigned(long value) {
        return (value >>> 1 | value & 1) * 2.0;
    }
}
