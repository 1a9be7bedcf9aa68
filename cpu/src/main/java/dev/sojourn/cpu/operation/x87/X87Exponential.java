package dev.sojourn.cpu.operation.x87;

/** F2XM1: two to the power of x, minus one, for x from -1 to 1 (SDM volume 1, section 8.3.9). */
public final class X87Exponential {
    private static final long LN2_HIGH = 0xb172_17f7_d1cf_79abL;
    private static final long LN2_LOW = 0xc9e3_b398_03f2_f6afL;

    private X87Exponential() {}

    /** What lies outside -1 to 1 is left as it is: the manual does not say. */
    public static boolean powerOfTwoMinusOne(X87 fpu, int to, long a, int aExponent) {
        if (Float80.notNumber(a, aExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent);
        }
        fpu.flags &= ~X87.C1;
        if (Float80Arithmetic.denormalStops(fpu, a, aExponent)) {
            return false;
        }
        int biased = aExponent & Float80.EXPONENT_MASK;
        boolean negative = (aExponent & Float80.SIGN) != 0;
        if (biased >= Float80.EXPONENT_BIAS || a == 0) {
            // The processor reports all of these but infinities as inexact, also the exact values at -1 and 1.
            boolean beyond = biased >= Float80.EXPONENT_BIAS && biased < Float80.EXPONENT_MASK;
            fpu.flags |= beyond ? X87.PRECISION : 0;
            boolean minusOne = negative && a == Float80.INTEGER_BIT && biased == Float80.EXPONENT_BIAS;
            boolean minusInfinity = negative && biased == Float80.EXPONENT_MASK;
            fpu.put(to, a, minusOne ? aExponent - 1 : minusInfinity ? Float80.SIGN | Float80.EXPONENT_BIAS : aExponent);
            return true;
        }
        return series(fpu, to, Float80.normalSignificand(a), Float80.normalExponent(a, aExponent), negative);
    }

    /** The product x ln 2, times the series of (exp y - 1) / y at it. */
    private static boolean series(X87 fpu, int to, long significand, int biased, boolean negative) {
        X87Wide wide = fpu.wide;
        wide.set(LN2_HIGH, LN2_LOW);
        wide.multiply(significand, 0);
        int exponent = biased + 1 - wide.normalize();
        long productHigh = wide.high;
        long productLow = wide.low;
        wide.shiftRight(Float80.EXPONENT_BIAS - exponent);
        long xHigh = wide.high;
        long xLow = wide.low;
        if (negative) {
            X87Series.alternate(wide, X87Series.EXPONENTIAL, xHigh, xLow);
        } else {
            X87Series.sum(wide, X87Series.EXPONENTIAL, xHigh, xLow);
        }
        wide.multiply(productHigh, productLow);
        exponent -= wide.normalize();
        return Float80Rounding.packExtended(fpu, to, negative ? Float80.SIGN : 0, exponent, wide.high, wide.low | 1);
    }
}
