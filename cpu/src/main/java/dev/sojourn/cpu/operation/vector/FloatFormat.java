package dev.sojourn.cpu.operation.vector;

/**
 * A binary interchange format of IEEE 754, and what the bits of a value in it say. Values are in the low bits of a
 * long.
 */
enum FloatFormat {
    SINGLE(23, 8),
    DOUBLE(52, 11);

    final int fractionBits;
    final int bias;
    final long sign;
    final long infinity;
    final long quiet;
    final long fraction;

    FloatFormat(int fractionBits, int exponentBits) {
        this.fractionBits = fractionBits;
        this.bias = (1 << exponentBits - 1) - 1;
        this.sign = 1L << fractionBits + exponentBits;
        this.infinity = (1L << exponentBits) - 1 << fractionBits;
        this.quiet = 1L << fractionBits - 1;
        this.fraction = (1L << fractionBits) - 1;
    }

    /** The NaN of invalid operations. */
    long indefinite() { return sign | infinity | quiet; }

    boolean isNegative(long x) { return (x & sign) != 0; }

    boolean isZero(long x) { return (x & ~sign) == 0; }

    boolean isInfinite(long x) { return (x & ~sign) == infinity; }

    boolean isNan(long x) { return (x & ~sign) > infinity; }

    boolean isSignalling(long x) { return isNan(x) && (x & quiet) == 0; }

    boolean isDenormal(long x) { return (x & infinity) == 0 && (x & fraction) != 0; }

    /** The power of two of a finite value other than zero, its leading bit standing for one. */
    int exponent(long x) {
        return isDenormal(x) ? 1 - bias - (Long.numberOfLeadingZeros(x & fraction) - (63 - fractionBits))
                : (int) ((x & infinity) >>> fractionBits) - bias;
    }

    /** The digits of a finite value other than zero, leading one in bit 63. */
    long significand(long x) {
        long digits = x & fraction;
        return isDenormal(x) ? digits << Long.numberOfLeadingZeros(digits)
                : (digits | 1L << fractionBits) << (63 - fractionBits);
    }

    long zero(boolean negative) { return negative ? sign : 0; }

    long infinity(boolean negative) { return zero(negative) | infinity; }

    long greatest(boolean negative) { return zero(negative) | infinity - 1; }
}
