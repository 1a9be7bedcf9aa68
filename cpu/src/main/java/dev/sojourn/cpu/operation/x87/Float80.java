package dev.sojourn.cpu.operation.x87;

/**
 * The 80-bit extended format: a 64-bit significand with an explicit integer bit, and a word that holds the sign in
 * bit 15 and the biased exponent below it (SDM volume 1, section 4.2.2).
 */
public final class Float80 {
    /** The explicit integer bit of a significand. */
    public static final long INTEGER_BIT = Long.MIN_VALUE;

    public static final int SIGN = 0x8000;
    public static final int EXPONENT_MASK = 0x7fff;
    public static final int EXPONENT_BIAS = 0x3fff;

    /** The "real indefinite" quiet NaN: what a masked invalid operation returns. */
    public static final long INDEFINITE_SIGNIFICAND = 0xc000_0000_0000_0000L;

    public static final int INDEFINITE_EXPONENT = 0xffff;

    /** Bit 62, which tells a quiet NaN from a signaling one. */
    static final long QUIET_BIT = 0x4000_0000_0000_0000L;

    private Float80() {}

    /** Whether both numbers are normal: exponents neither zero nor all ones, integer bits set. */
    static boolean normal(long a, int aExponent, long b, int bExponent) {
        return (a & b) < 0 & (aExponent + 1 & EXPONENT_MASK) > 1 & (bExponent + 1 & EXPONENT_MASK) > 1;
    }

    static boolean normal(long significand, int exponent) {
        return significand < 0 & (exponent + 1 & EXPONENT_MASK) > 1;
    }

    /** Unnormals, pseudo-infinities and pseudo-NaNs, which no operation accepts (SDM volume 1, section 8.2.2). */
    static boolean unsupported(long significand, int exponent) {
        return significand >= 0 && (exponent & EXPONENT_MASK) != 0;
    }

    static boolean nan(long significand, int exponent) {
        return (exponent & EXPONENT_MASK) == EXPONENT_MASK && significand << 1 != 0;
    }

    static boolean signaling(long significand, int exponent) {
        return nan(significand, exponent) && (significand & QUIET_BIT) == 0;
    }

    /** Whether a value has no place on the number line: a NaN or an unsupported format. */
    static boolean notNumber(long significand, int exponent) {
        return unsupported(significand, exponent) || nan(significand, exponent);
    }

    static boolean infinite(long significand, int exponent) {
        return (exponent & EXPONENT_MASK) == EXPONENT_MASK && significand == INTEGER_BIT;
    }

    static boolean zero(long significand, int exponent) {
        return significand == 0 && (exponent & EXPONENT_MASK) == 0;
    }

    /** Denormals and pseudo-denormals. */
    static boolean denormal(long significand, int exponent) {
        return significand != 0 && (exponent & EXPONENT_MASK) == 0;
    }

    /** The biased exponent a finite number has once its significand is shifted to the integer bit; may be negative. */
    static int normalExponent(long significand, int exponent) {
        int biased = exponent & EXPONENT_MASK;
        return (biased == 0 ? 1 : biased) - Long.numberOfLeadingZeros(significand);
    }

    /** The exponent word of a number, with the exponent one for a pseudo-denormal. */
    static int canonicalExponent(long significand, int exponent) {
        return (exponent & EXPONENT_MASK) == 0 ? exponent | (int) (significand >>> 63) : exponent;
    }

    /** The significand shifted to the integer bit; zero stays zero. */
    static long normalSignificand(long significand) {
        return significand << Long.numberOfLeadingZeros(significand);
    }
}
