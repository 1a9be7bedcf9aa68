package dev.sojourn.cpu.operation.x87;

/** FPATAN: the angle of the point (x, y), from -pi to pi (SDM volume 2, FPATAN). */
public final class X87Arctangent {
    private static final int BIAS = Float80.EXPONENT_BIAS;

    /** A quarter of pi; also pi in units of four. */
    private static final long PI_HIGH = 0xc90f_daa2_2168_c234L;
    private static final long PI_LOW = 0xc4c6_628b_80dc_1cd1L;

    /** Three quarters of pi in units of four. */
    private static final long THREE_QUARTERS_HIGH = 0x96cb_e3f9_990e_91a7L;
    private static final long THREE_QUARTERS_LOW = 0x9394_c9e8_a0a5_159dL;

    /** The biased exponent of a wide number in units of four whose top bit is set. */
    private static final int FOUR = BIAS + 1;

    /** The arctangents of 0 to 16 sixteenths, in units of four. */
    private static final long[] SIXTEENTHS = {
        0x0000000000000000L, 0x0000000000000000L,
        0x03feab76e59fbd38L, 0xdb2c9e4b7038b835L,
        0x07f56ea6ab0bdb71L, 0x9644bcc4f9f44478L,
        0x0bdcbda5e72d8113L, 0x47b0b4f881c9c748L,
        0x0fadbafc96406eb1L, 0x56dc79ef5f7a217eL,
        0x1362773707ebcbcdL, 0x38b576931a4f5e65L,
        0x16f61941e4def08eL, 0x715464245b9fc890L,
        0x1a64eec3cc23fcb6L, 0xc84f92bd2003ce27L,
        0x1dac670561bb4f68L, 0xadfc88bd978751a0L,
        0x20cafd29b6619f8aL, 0x92da8272d8694570L,
        0x23c01757bdfd67e6L, 0xd720d78599710dd2L,
        0x268be0399c6f7688L, 0x1089be388813fcefL,
        0x292f1f464d3dc249L, 0x066a1fca915f6b28L,
        0x2bab130e2d363020L, 0x051c978bcf9481c3L,
        0x2e014f8af08c679cL, 0xf2cb69548429110fL,
        0x3033a16e2b149990L, 0x227758b11ba4be89L,
        0x3243f6a8885a308dL, 0x313198a2e0370734L,
    };

    private X87Arctangent() {}

    /** The arctangent of y / x. */
    public static boolean arctangent(X87 fpu, int to, long x, int xExponent, long y, int yExponent) {
        if (Float80.notNumber(x, xExponent) || Float80.notNumber(y, yExponent)) {
            return Float80Nan.propagate(fpu, to, x, xExponent, y, yExponent);
        }
        fpu.flags &= ~X87.C1;
        if (Float80Arithmetic.denormalStops(fpu, x, xExponent, y, yExponent)) {
            return false;
        }
        int sign = yExponent & Float80.SIGN;
        boolean left = (xExponent & Float80.SIGN) != 0;
        boolean xInfinite = Float80.infinite(x, xExponent);
        boolean yInfinite = Float80.infinite(y, yExponent);
        if (y == 0 || xInfinite && !yInfinite) {
            if (left) {
                return Float80Rounding.packExtended(fpu, to, sign, FOUR, PI_HIGH, PI_LOW);
            }
            fpu.put(to, 0, sign);
            return true;
        }
        if (xInfinite) {
            return left ? Float80Rounding.packExtended(fpu, to, sign, FOUR, THREE_QUARTERS_HIGH, THREE_QUARTERS_LOW)
                    : Float80Rounding.packExtended(fpu, to, sign, FOUR - 2, PI_HIGH, PI_LOW);
        }
        if (x == 0 || yInfinite) {
            return Float80Rounding.packExtended(fpu, to, sign, FOUR - 1, PI_HIGH, PI_LOW);
        }
        return angle(fpu, to, sign, left, x, Float80.normalExponent(x, xExponent), y,
                Float80.normalExponent(y, yExponent));
    }

    private static boolean angle(X87 fpu, int to, int sign, boolean left, long x, int xBiased, long y, int yBiased) {
        long xNormal = Float80.normalSignificand(x);
        long yNormal = Float80.normalSignificand(y);
        boolean steep = yBiased > xBiased || yBiased == xBiased && Long.compareUnsigned(yNormal, xNormal) > 0;
        X87Wide wide = fpu.wide;
        int exponent = steep ? acute(wide, xNormal, yNormal, yBiased - xBiased)
                : acute(wide, yNormal, xNormal, xBiased - yBiased);
        if (!steep && !left) {
            return Float80Rounding.packExtended(fpu, to, sign, exponent, wide.high, wide.low | 1);
        }
        wide.shiftRight(Math.min(FOUR - exponent, 200));
        wide.low |= 1;
        long high = steep ? PI_HIGH >>> 1 : PI_HIGH;
        long low = steep ? PI_HIGH << 63 | PI_LOW >>> 1 : PI_LOW;
        if (steep && left) {
            wide.add(high, low);
        } else {
            wide.subtractFrom(high, low);
        }
        exponent = FOUR - wide.normalize();
        return Float80Rounding.packExtended(fpu, to, sign, exponent, wide.high, wide.low | 1);
    }

    /**
     * The arctangent of n / d, which is at most one: that of the nearest sixteenth, and a small rest by the series.
     *
     * @param distance by how much the exponent of d is the larger
     * @return the biased exponent of the angle that is left in the wide number
     */
    private static int acute(X87Wide wide, long n, long d, int distance) {
        int nearest = distance > 5 ? 0 : (int) (16.0 * (n >>> 11) / (d >>> 11) / (1 << distance) + 0.5);
        if (nearest == 0) {
            wide.set(n, 0);
            return series(wide, d, 0, BIAS - 1 - distance);
        }
        // The tangent of the rest is (16 n - k d) / (16 d + k n), here in units of 64.
        wide.set(n, 0);
        wide.shiftRight(6 + distance);
        long nHigh = wide.high;
        long nLow = wide.low;
        wide.multiplySmall(nearest);
        wide.add(d >>> 2, d << 62);
        int denominatorZeros = wide.normalize();
        long denominatorHigh = wide.high;
        long denominatorLow = wide.low;
        wide.set(d >>> 6, d << 58);
        wide.multiplySmall(nearest);
        wide.subtractFrom(nHigh << 4 | nLow >>> 60, nLow << 4);
        boolean negative = wide.high < 0;
        if (negative) {
            wide.subtractFrom(0, 0);
        }
        int zeros = wide.normalize();
        if (zeros < 128) {
            int exponent = series(wide, denominatorHigh, denominatorLow, BIAS - 1 + denominatorZeros - zeros);
            wide.shiftRight(Math.min(FOUR - exponent, 200));
        }
        if (negative) {
            wide.subtractFrom(SIXTEENTHS[2 * nearest], SIXTEENTHS[2 * nearest + 1]);
        } else {
            wide.add(SIXTEENTHS[2 * nearest], SIXTEENTHS[2 * nearest + 1]);
        }
        return FOUR - wide.normalize();
    }

    /** The arctangent of the wide number over another, by the series. @return its biased exponent */
    private static int series(X87Wide wide, long divisorHigh, long divisorLow, int biased) {
        int exponent = biased;
        if (Long.compareUnsigned(wide.high, divisorHigh) >= 0) {
            wide.shiftRight(1);
            exponent++;
        }
        wide.divide(divisorHigh, divisorLow);
        exponent -= wide.normalize();
        long high = wide.high;
        long low = wide.low;
        wide.multiply(high, low);
        wide.shiftRight(Math.min(2 * (BIAS - 1 - exponent), 200));
        X87Series.alternate(wide, X87Series.ARCTANGENT, wide.high, wide.low);
        wide.multiply(high, low);
        return exponent + 1 - wide.normalize();
    }
}
