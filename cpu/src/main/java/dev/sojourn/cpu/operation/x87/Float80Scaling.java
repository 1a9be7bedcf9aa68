package dev.sojourn.cpu.operation.x87;

/** FSCALE and FXTRACT: exponents put on and taken off (SDM volume 1, sections 8.3.5 and 8.3.9). */
public final class Float80Scaling {
    /** Larger than the distance between any two exponents. */
    private static final int FAR = 0x1_0000;

    private Float80Scaling() {}

    /** a times two to the power of b chopped to an integer. */
    public static boolean scale(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.notNumber(a, aExponent) || Float80.notNumber(b, bExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent, b, bExponent);
        }
        fpu.flags &= ~X87.C1;
        boolean up = (bExponent & Float80.SIGN) == 0;
        boolean aInfinite = Float80.infinite(a, aExponent);
        boolean bInfinite = Float80.infinite(b, bExponent);
        if (bInfinite && (up ? a == 0 : aInfinite)) {
            return fpu.invalid(to);
        }
        if (Float80Arithmetic.denormalStops(fpu, a, aExponent, b, bExponent)) {
            return false;
        }
        int sign = aExponent & Float80.SIGN;
        if (a == 0 || aInfinite || b == 0) {
            fpu.put(to, a, Float80.canonicalExponent(a, aExponent));
        } else if (bInfinite) {
            fpu.put(to, up ? Float80.INTEGER_BIT : 0, up ? sign | Float80.EXPONENT_MASK : sign);
        } else {
            int exponent = Float80.normalExponent(a, aExponent) + integer(b, bExponent);
            return pack(fpu, to, sign, exponent, Float80.normalSignificand(a));
        }
        return true;
    }

    /** Beyond the reach of adjusted exponents an unmasked overflow or underflow gives infinity or zero after all. */
    private static boolean pack(X87 fpu, int to, int sign, int exponent, long significand) {
        boolean overflows = exponent - Float80Rounding.EXPONENT_ADJUST >= Float80.EXPONENT_MASK;
        boolean underflows = exponent + Float80Rounding.EXPONENT_ADJUST <= 0;
        if (overflows && (fpu.control & X87.OVERFLOW) == 0) {
            fpu.flags |= X87.OVERFLOW | X87.PRECISION | X87.C1;
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
            return true;
        }
        if (underflows && (fpu.control & X87.UNDERFLOW) == 0) {
            fpu.flags |= X87.UNDERFLOW | X87.PRECISION;
            fpu.put(to, 0, sign);
            return true;
        }
        return Float80Rounding.packExtended(fpu, to, sign, exponent, significand, 0);
    }

    /** A finite number chopped to an integer, no farther from zero than {@link #FAR}. */
    private static int integer(long significand, int exponent) {
        int biased = exponent & Float80.EXPONENT_MASK;
        int magnitude = 0;
        if (biased >= Float80.EXPONENT_BIAS + 16) {
            magnitude = FAR;
        } else if (biased >= Float80.EXPONENT_BIAS) {
            magnitude = (int) (significand >>> Float80.EXPONENT_BIAS + 63 - biased);
        }
        return (exponent & Float80.SIGN) != 0 ? -magnitude : magnitude;
    }

    /**
     * Splits a number: the exponent takes its place, the significand goes to another register.
     *
     * @param to where the exponent goes
     * @param significandTo where the significand goes
     */
    static boolean extract(X87 fpu, int to, int significandTo, long a, int aExponent) {
        if (Float80.notNumber(a, aExponent)) {
            if (!Float80Nan.propagate(fpu, to, a, aExponent)) {
                return false;
            }
            fpu.put(significandTo, fpu.significands[to], fpu.exponents[to]);
            return true;
        }
        fpu.flags &= ~X87.C1;
        if (a == 0) {
            if (fpu.raise(X87.ZERO_DIVIDE)) {
                return false;
            }
            fpu.put(to, Float80.INTEGER_BIT, Float80.SIGN | Float80.EXPONENT_MASK);
            fpu.put(significandTo, 0, aExponent);
            return true;
        }
        if (Float80.infinite(a, aExponent)) {
            fpu.put(to, Float80.INTEGER_BIT, Float80.EXPONENT_MASK);
            fpu.put(significandTo, a, aExponent);
            return true;
        }
        if (Float80Arithmetic.denormalStops(fpu, a, aExponent)) {
            return false;
        }
        int exponent = Float80.normalExponent(a, aExponent) - Float80.EXPONENT_BIAS;
        fpu.put(to, Float80Conversion.significandOfInteger(exponent), Float80Conversion.exponentOfInteger(exponent));
        fpu.put(significandTo, Float80.normalSignificand(a), aExponent & Float80.SIGN | Float80.EXPONENT_BIAS);
        return true;
    }
}
