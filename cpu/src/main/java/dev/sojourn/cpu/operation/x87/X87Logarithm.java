package dev.sojourn.cpu.operation.x87;

/** FYL2X and FYL2XP1: logarithms to base two, times a factor (SDM volume 1, section 8.3.9). */
public final class X87Logarithm {
    private static final int BIAS = Float80.EXPONENT_BIAS;

    /** The square root of two, chopped. */
    private static final long ROOT_TWO = 0xb504_f333_f9de_6484L;

    /** 1 / (2 ln 2). */
    private static final long HALF_LOG2E_HIGH = 0xb8aa_3b29_5c17_f0bbL;
    private static final long HALF_LOG2E_LOW = 0xbe87_fed0_691d_3e89L;

    private X87Logarithm() {}

    /** y log2 x. */
    public static boolean logarithm(X87 fpu, int to, long x, int xExponent, long y, int yExponent) {
        if (Float80.notNumber(x, xExponent) || Float80.notNumber(y, yExponent)) {
            return Float80Nan.propagate(fpu, to, x, xExponent, y, yExponent);
        }
        fpu.flags &= ~X87.C1;
        boolean one = x == Float80.INTEGER_BIT && xExponent == BIAS;
        boolean infinite = Float80.infinite(x, xExponent);
        boolean yInfinite = Float80.infinite(y, yExponent);
        if (x != 0 && (xExponent & Float80.SIGN) != 0 || y == 0 && (x == 0 || infinite) || yInfinite && one) {
            return fpu.invalid(to);
        }
        if (x == 0 && !yInfinite) {
            return minusInfinity(fpu, to, yExponent);
        }
        if (Float80Arithmetic.denormalStops(fpu, x, xExponent, y, yExponent)) {
            return false;
        }
        int sign = yExponent & Float80.SIGN ^ (x == 0 || (xExponent & Float80.EXPONENT_MASK) < BIAS ? Float80.SIGN : 0);
        if (infinite || yInfinite) {
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
            return true;
        }
        if (y == 0 || one) {
            fpu.put(to, 0, sign);
            return true;
        }
        X87Wide wide = fpu.wide;
        wide.set(Float80.normalSignificand(x), 0);
        int exponent = ofWide(wide, Float80.normalExponent(x, xExponent) - BIAS);
        boolean exact = Float80.normalSignificand(x) == Float80.INTEGER_BIT;
        boolean done = scale(fpu, to, sign, exponent, y, yExponent, exact);
        // An exact result is reported as inexact too, as the processor does.
        boolean denormal = Float80.denormal(fpu.significands[to], fpu.exponents[to]);
        fpu.flags |= denormal ? X87.PRECISION | X87.UNDERFLOW : X87.PRECISION;
        return done;
    }

    /**
     * y log2 (1 + x), where the manual asks for x between 1 - 1 / sqrt 2 and its negative.
     *
     * <p>Beyond, the logarithm is still taken where there is one; below -1 x itself is returned.
     */
    public static boolean logarithmOfOnePlus(X87 fpu, int to, long x, int xExponent, long y, int yExponent) {
        if (Float80.notNumber(x, xExponent) || Float80.notNumber(y, yExponent)) {
            return Float80Nan.propagate(fpu, to, x, xExponent, y, yExponent);
        }
        fpu.flags &= ~X87.C1;
        boolean infinite = Float80.infinite(x, xExponent);
        boolean yInfinite = Float80.infinite(y, yExponent);
        boolean negative = (xExponent & Float80.SIGN) != 0;
        if (infinite && (negative || y == 0) || yInfinite && x == 0) {
            return fpu.invalid(to);
        }
        if (Float80Arithmetic.denormalStops(fpu, x, xExponent, y, yExponent)) {
            return false;
        }
        int sign = (xExponent ^ yExponent) & Float80.SIGN;
        int biased = Float80.normalExponent(x, xExponent);
        if (infinite || yInfinite) {
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
            return true;
        }
        if (x == 0 || y == 0) {
            fpu.put(to, 0, sign);
            return true;
        }
        if (negative && biased >= BIAS) {
            fpu.flags |= X87.PRECISION;
            fpu.put(to, x, xExponent);
            return true;
        }
        int exponent = onePlus(fpu.wide, Float80.normalSignificand(x), biased, negative);
        return scale(fpu, to, sign, exponent, y, yExponent, false);
    }

    private static boolean minusInfinity(X87 fpu, int to, int yExponent) {
        if (fpu.raise(X87.ZERO_DIVIDE)) {
            return false;
        }
        fpu.put(to, Float80.INTEGER_BIT, yExponent & Float80.SIGN ^ (Float80.SIGN | Float80.EXPONENT_MASK));
        return true;
    }

    /** The logarithm, which is in the wide number with a biased exponent, times y. */
    private static boolean scale(X87 fpu, int to, int sign, int exponent, long y, int yExponent, boolean exact) {
        X87Wide wide = fpu.wide;
        wide.multiply(Float80.normalSignificand(y), 0);
        int result = exponent + Float80.normalExponent(y, yExponent) - BIAS + 1 - wide.normalize();
        return Float80Rounding.packExtended(fpu, to, sign, result, wide.high, wide.low | (exact ? 0 : 1));
    }

    /**
     * Replaces the significand of a number other than one by that of the magnitude of its logarithm.
     *
     * @param power the number's exponent, without bias
     * @return the biased exponent of the logarithm
     */
    private static int ofWide(X87Wide wide, int power) {
        boolean below = Long.compareUnsigned(wide.high, ROOT_TWO) > 0;
        int whole = below ? power + 1 : power;
        long denominatorHigh = (wide.high >>> 1) + (below ? Long.MIN_VALUE : 1L << 62);
        long denominatorLow = wide.high << 63 | wide.low >>> 1;
        if (below) {
            wide.subtractFrom(0, 0);
        } else {
            wide.high &= Long.MAX_VALUE;
        }
        int zeros = wide.normalize();
        if (zeros == 128) {
            wide.set(Math.abs(whole), 0);
            return BIAS + 63 - wide.normalize();
        }
        int exponent = areaTangent(wide, denominatorHigh, denominatorLow, BIAS - 2 - zeros);
        if (whole == 0) {
            return exponent;
        }
        wide.shiftRight(BIAS + 15 - exponent);
        if (whole < 0 == below) {
            wide.add((long) Math.abs(whole) << 48, 0);
        } else {
            wide.subtractFrom((long) Math.abs(whole) << 48, 0);
        }
        return BIAS + 15 - wide.normalize();
    }

    /** The magnitude of log2 (1 + x): near one by x / (2 + x), farther off by the sum itself. */
    private static int onePlus(X87Wide wide, long x, int biased, boolean negative) {
        if (biased < BIAS - 1) {
            wide.set(x, 0);
            wide.shiftRight(Math.min(BIAS + (negative ? 0 : 1) - biased, 200));
            if (negative) {
                wide.subtractFrom(0, 0);
            } else {
                wide.add(Long.MIN_VALUE, 0);
            }
            long denominatorHigh = wide.high == 0 ? -1L : wide.high;
            long denominatorLow = wide.high == 0 ? -1L : wide.low;
            wide.set(x, 0);
            return areaTangent(wide, denominatorHigh, denominatorLow, negative ? biased - 1 : biased - 2);
        }
        wide.set(x, 0);
        if (negative) {
            wide.subtractFrom(0, 0);
            return ofWide(wide, -1 - wide.normalize());
        }
        int power = Math.max(biased - BIAS, 0);
        int shift = Math.max(BIAS - biased, 0);
        wide.shiftRight(shift + 1);
        wide.high += power < 63 ? 1L << 62 - power : 0;
        return ofWide(wide, power + 1 - wide.normalize());
    }

    /**
     * log2 of (1 + u) / (1 - u): 2 / ln 2 times artanh u.
     *
     * @param exponent the biased exponent of u for a quotient of one half or more
     * @return the biased exponent of the result
     */
    private static int areaTangent(X87Wide wide, long denominatorHigh, long denominatorLow, int exponent) {
        int quotientExponent = exponent;
        if (Long.compareUnsigned(wide.high, denominatorHigh) >= 0) {
            wide.shiftRight(1);
            quotientExponent++;
        }
        wide.divide(denominatorHigh, denominatorLow);
        quotientExponent -= wide.normalize();
        long uHigh = wide.high;
        long uLow = wide.low;
        wide.multiply(uHigh, uLow);
        wide.shiftRight(Math.min(2 * (BIAS - 1 - quotientExponent), 200));
        X87Series.sum(wide, X87Series.AREA_TANGENT, wide.high, wide.low);
        wide.multiply(uHigh, uLow);
        wide.multiply(HALF_LOG2E_HIGH, HALF_LOG2E_LOW);
        return quotientExponent + 3 - wide.normalize();
    }
}
