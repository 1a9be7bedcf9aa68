package dev.sojourn.cpu.operation.x87;

/**
 * FSIN, FCOS, FSINCOS and FPTAN (SDM volume 1, sections 8.3.7 and 8.3.8).
 *
 * <p>As on the processor, the argument is reduced by a value of pi with 66 bits. An argument of two to the power of 63
 * or more sets C2 and is left alone.
 */
public final class X87Trigonometry {
    private static final int BIAS = Float80.EXPONENT_BIAS;

    /** Pi in 66 bits, as a 128-bit integer: half a turn in units of 2 to the power of -64. */
    private static final long PI_HIGH = 3;
    private static final long PI_LOW = 0x243f_6a88_85a3_08d3L;

    /** A quarter of pi, chopped, as a significand: what lies below needs no reduction. */
    private static final long QUARTER_PI = 0xc90f_daa2_2168_c234L;

    private X87Trigonometry() {}

    public static boolean sine(X87 fpu, int to, long a, int aExponent) {
        if (!usual(fpu, to, a, aExponent)) {
            return special(fpu, to, a, aExponent, 0, aExponent);
        }
        return sineOf(fpu, to, a, aExponent, 0, aExponent & Float80.SIGN);
    }

    public static boolean cosine(X87 fpu, int to, long a, int aExponent) {
        if (!usual(fpu, to, a, aExponent)) {
            return special(fpu, to, a, aExponent, Float80.INTEGER_BIT, BIAS);
        }
        return sineOf(fpu, to, a, aExponent, 1, 0);
    }

    /** @return whether there are two results: the sine, and in another register the cosine */
    static boolean sineAndCosine(X87 fpu, int to, int cosineTo, long a, int aExponent) {
        if (!usual(fpu, to, a, aExponent)) {
            return special(fpu, to, a, aExponent, 0, aExponent)
                    && second(fpu, to, cosineTo);
        }
        int flags = fpu.flags;
        sineOf(fpu, cosineTo, a, aExponent, 1, 0);
        fpu.flags |= flags;
        return sineOf(fpu, to, a, aExponent, 0, aExponent & Float80.SIGN);
    }

    /** @return whether there are two results: the tangent, and in another register one */
    static boolean tangent(X87 fpu, int to, int oneTo, long a, int aExponent) {
        if (!usual(fpu, to, a, aExponent)) {
            return special(fpu, to, a, aExponent, 0, aExponent) && second(fpu, to, oneTo);
        }
        if (tiny(aExponent)) {
            fpu.put(oneTo, Float80.INTEGER_BIT, BIAS);
            return itself(fpu, to, a, aExponent);
        }
        X87Wide wide = fpu.wide;
        int reduced = reduce(wide, Float80.normalSignificand(a), Float80.normalExponent(a, aExponent));
        int sign = aExponent & Float80.SIGN ^ (reduced & 1) << 15 ^ (reduced & 2) << 14;
        int exponent = reduced >> 3;
        long angleHigh = wide.high;
        long angleLow = wide.low;
        int cosineExponent = cosineSeries(wide, exponent);
        long cosineHigh = wide.high;
        long cosineLow = wide.low;
        wide.set(angleHigh, angleLow);
        int sineExponent = sineSeries(wide, exponent);
        int result;
        if ((reduced & 2) == 0) {
            result = quotient(wide, cosineHigh, cosineLow, sineExponent - cosineExponent);
        } else {
            long sineHigh = wide.high;
            long sineLow = wide.low;
            wide.set(cosineHigh, cosineLow);
            result = quotient(wide, sineHigh, sineLow, cosineExponent - sineExponent);
        }
        fpu.put(oneTo, Float80.INTEGER_BIT, BIAS);
        return Float80Rounding.packExtended(fpu, to, sign, result, wide.high, wide.low | 1);
    }

    /** Whether an argument is a number other than zero and in range, and no unmasked exception is in the way. */
    private static boolean usual(X87 fpu, int to, long a, int aExponent) {
        fpu.flags &= ~(X87.C1 | X87.C2);
        return a != 0 && !Float80.notNumber(a, aExponent) && (aExponent & Float80.EXPONENT_MASK) < BIAS + 63
                && !Float80Arithmetic.denormalStops(fpu, a, aExponent);
    }

    /** The result for what is not {@link #usual}: for zero, it is given. @return false if nothing was written */
    private static boolean special(X87 fpu, int to, long a, int aExponent, long atZero, int atZeroExponent) {
        if (Float80.notNumber(a, aExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent);
        }
        if (Float80.infinite(a, aExponent)) {
            return fpu.invalid(to);
        }
        if (a == 0) {
            fpu.put(to, atZero, atZeroExponent);
            return true;
        }
        if (!Float80.denormal(a, aExponent)) {
            fpu.flags |= X87.C2;
        }
        return false;
    }

    /** The second result beside a special first: one for zero, or the same NaN. */
    private static boolean second(X87 fpu, int first, int to) {
        if (fpu.significands[first] == 0) {
            fpu.put(to, Float80.INTEGER_BIT, BIAS);
        } else {
            fpu.put(to, fpu.significands[first], fpu.exponents[first]);
        }
        return true;
    }

    /** The sine of an angle, turned by a number of quarters. */
    private static boolean sineOf(X87 fpu, int to, long a, int aExponent, int quarters, int sign) {
        if (tiny(aExponent)) {
            return quarters == 0 ? itself(fpu, to, a, aExponent) : itself(fpu, to, Float80.INTEGER_BIT, BIAS);
        }
        X87Wide wide = fpu.wide;
        int reduced = reduce(wide, Float80.normalSignificand(a), Float80.normalExponent(a, aExponent));
        int quarter = (reduced >> 1 & 3) + quarters;
        boolean cosine = (quarter & 1) != 0;
        int resultSign = sign ^ (quarter & 2) << 14;
        int exponent = reduced >> 3;
        if (cosine) {
            exponent = cosineSeries(wide, exponent);
        } else {
            resultSign ^= (reduced & 1) << 15;
            exponent = sineSeries(wide, exponent);
        }
        return Float80Rounding.packExtended(fpu, to, resultSign, exponent, wide.high, wide.low | 1);
    }

    /** Whether an angle is its own sine and tangent, and one its cosine, in every rounding, as on the processor. */
    private static boolean tiny(int exponent) { return (exponent & Float80.EXPONENT_MASK) < BIAS - 68; }

    /** Writes a number as the inexact result it stands for. */
    private static boolean itself(X87 fpu, int to, long a, int aExponent) {
        int exponent = Float80.normalExponent(a, aExponent);
        fpu.flags |= exponent <= 0 ? X87.PRECISION | X87.UNDERFLOW : X87.PRECISION;
        return Float80Rounding.packExtended(fpu, to, aExponent & Float80.SIGN, exponent,
                Float80.normalSignificand(a), 0);
    }

    /**
     * Reduces an angle to at most an eighth of a turn, which is left in the wide number.
     *
     * @return its biased exponent in bits 3 up, the count of quarters modulo 4 in bits 2 and 1, its sign in bit 0
     */
    private static int reduce(X87Wide wide, long significand, int biased) {
        if (biased < BIAS - 1 || biased == BIAS - 1 && Long.compareUnsigned(significand, QUARTER_PI) <= 0) {
            wide.set(significand, 0);
            return biased << 3;
        }
        // In units of 2 to the power of -65, half of pi is the integer above and the angle is one too.
        long high = 0;
        long low = significand;
        int quarters = 0;
        for (int left = biased - BIAS + 2; left > 0; left--) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            quarters <<= 1;
            if (high > PI_HIGH || high == PI_HIGH && Long.compareUnsigned(low, PI_LOW) >= 0) {
                high -= PI_HIGH + (Long.compareUnsigned(low, PI_LOW) < 0 ? 1 : 0);
                low -= PI_LOW;
                quarters |= 1;
            }
        }
        wide.set(high, low);
        int negative = 0;
        long doubledHigh = high << 1 | low >>> 63;
        if (doubledHigh > PI_HIGH || doubledHigh == PI_HIGH && Long.compareUnsigned(low << 1, PI_LOW) > 0) {
            wide.subtractFrom(PI_HIGH, PI_LOW);
            quarters++;
            negative = 1;
        }
        int exponent = BIAS + 62 - wide.normalize();
        return exponent << 3 | (quarters & 3) << 1 | negative;
    }

    /** Replaces an angle by its sine. @return the biased exponent of that */
    private static int sineSeries(X87Wide wide, int exponent) {
        long high = wide.high;
        long low = wide.low;
        square(wide, exponent);
        X87Series.alternate(wide, X87Series.SINE, wide.high, wide.low);
        wide.multiply(high, low);
        return exponent + 1 - wide.normalize();
    }

    /** Replaces an angle by its cosine. @return the biased exponent of that */
    private static int cosineSeries(X87Wide wide, int exponent) {
        square(wide, exponent);
        X87Series.alternate(wide, X87Series.COSINE, wide.high, wide.low);
        return BIAS - wide.normalize();
    }

    /** The square of an angle below one, as a fraction. */
    private static void square(X87Wide wide, int exponent) {
        wide.multiply(wide.high, wide.low);
        wide.shiftRight(Math.min(2 * (BIAS - 1 - exponent), 200));
    }

    /** Divides significands with top bits set. @return the biased exponent of the quotient */
    private static int quotient(X87Wide wide, long divisorHigh, long divisorLow, int distance) {
        int exponent = BIAS - 1 + distance;
        if (Long.compareUnsigned(wide.high, divisorHigh) >= 0) {
            wide.shiftRight(1);
            exponent++;
        }
        wide.divide(divisorHigh, divisorLow);
        return exponent - wide.normalize();
    }
}
