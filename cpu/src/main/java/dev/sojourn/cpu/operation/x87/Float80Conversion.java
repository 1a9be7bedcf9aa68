package dev.sojourn.cpu.operation.x87;

/**
 * Conversion between the 80-bit format and the others (SDM volume 1, sections 4.2 and 8.3.3).
 *
 * <p>Widening is exact and comes in two parts, significand and exponent. Narrowing sets
 * {@link X87#storeAbandoned()} when an unmasked exception keeps the value from memory.
 */
public final class Float80Conversion {
    private static final long DECIMAL_MAX = 999_999_999_999_999_999L;
    private static final long DECIMAL_INDEFINITE = 0xc000_0000_0000_0000L;

    private Float80Conversion() {}

    /** The significand of a 32-bit number; a signaling NaN stays one. */
    public static long significandOfFloat32(int bits) {
        long fraction = bits & 0x7f_ffff;
        return (bits >>> 23 & 0xff) == 0 ? Float80.normalSignificand(fraction) : Float80.INTEGER_BIT | fraction << 40;
    }

    public static int exponentOfFloat32(int bits) {
        return exponent(bits >>> 31, bits >>> 23 & 0xff, 0xff, 127, (long) (bits & 0x7f_ffff) << 40);
    }

    /** The significand of a 64-bit number; a signaling NaN stays one. */
    public static long significandOfFloat64(long bits) {
        long fraction = bits & 0xf_ffff_ffff_ffffL;
        return (bits >>> 52 & 0x7ff) == 0 ? Float80.normalSignificand(fraction) : Float80.INTEGER_BIT | fraction << 11;
    }

    public static int exponentOfFloat64(long bits) {
        return exponent((int) (bits >>> 63), (int) (bits >>> 52) & 0x7ff, 0x7ff, 1023, bits << 12 >>> 1);
    }

    static boolean denormalFloat32(int bits) { return (bits & 0x7f80_0000) == 0 && bits << 1 != 0; }

    static boolean denormalFloat64(long bits) { return (bits & 0x7ff0_0000_0000_0000L) == 0 && bits << 1 != 0; }

    public static long significandOfInteger(long value) {
        return Float80.normalSignificand(value < 0 ? -value : value);
    }

    public static int exponentOfInteger(long value) {
        return value == 0 ? 0
                : (value < 0 ? Float80.SIGN : 0)
                        | Float80.EXPONENT_BIAS + 63 - Long.numberOfLeadingZeros(value < 0 ? -value : value);
    }

    public static int toFloat32(X87 fpu, long significand, int exponent) {
        return (int) narrow(fpu, significand, exponent, 23, 8);
    }

    public static long toFloat64(X87 fpu, long significand, int exponent) {
        return narrow(fpu, significand, exponent, 52, 11);
    }

    /** Rounds to a signed integer. @param bits 16, 32 or 64 @param mode a rounding control value */
    static long toInteger(X87 fpu, long significand, int exponent, int bits, int mode) {
        int sign = exponent & Float80.SIGN;
        long limit = (1L << bits - 1) - (sign == 0 ? 1 : 0);
        long magnitude = magnitude(fpu, significand, exponent, limit, mode);
        if (magnitude == -1) {
            return -1L << bits - 1;
        }
        return sign != 0 ? -magnitude : magnitude;
    }

    /** The lower 8 of the 10 bytes of a packed decimal; the upper two are left in {@link X87#storedHigh()}. */
    static long toDecimal(X87 fpu, long significand, int exponent) {
        long magnitude = magnitude(fpu, significand, exponent, DECIMAL_MAX, Float80Rounding.mode(fpu.control));
        if (magnitude == -1) {
            fpu.storedHigh = 0xffff;
            return DECIMAL_INDEFINITE;
        }
        long upper = magnitude / 10_000_000_000_000_000L;
        fpu.storedHigh = exponent & Float80.SIGN | (int) (upper / 10 << 4 | upper % 10);
        long rest = magnitude % 10_000_000_000_000_000L;
        long digits = 0;
        for (int shift = 0; shift < 64; shift += 4) {
            digits |= rest % 10 << shift;
            rest /= 10;
        }
        return digits;
    }

    /** The magnitude of a packed decimal; digits above nine count for what they say, as the processor leaves open. */
    static long fromDecimal(long low, int high) {
        long value = (high >> 4 & 0xf) * 10 + (high & 0xf);
        for (int shift = 60; shift >= 0; shift -= 4) {
            value = value * 10 + (low >>> shift & 0xf);
        }
        return value;
    }

    /** Rounds to an integer in the 80-bit format. */
    public static boolean roundToInteger(X87 fpu, int to, long significand, int exponent) {
        if (Float80.notNumber(significand, exponent)) {
            return Float80Nan.propagate(fpu, to, significand, exponent);
        }
        fpu.flags &= ~X87.C1;
        if (Float80Arithmetic.denormalStops(fpu, significand, exponent)) {
            return false;
        }
        int shift = Float80.EXPONENT_BIAS + 63 - (exponent & Float80.EXPONENT_MASK);
        if (shift <= 0 || significand == 0) {
            fpu.put(to, significand, exponent);
            return true;
        }
        int sign = exponent & Float80.SIGN;
        long whole = shift < 64 ? significand >>> shift : 0;
        long rest = X87Wide.shiftRightSticky(significand, 0, shift);
        if (Float80Rounding.away(Float80Rounding.mode(fpu.control), sign, (whole & 1) != 0, rest)) {
            whole++;
            fpu.flags |= X87.C1;
        }
        fpu.flags |= rest != 0 ? X87.PRECISION : 0;
        fpu.put(to, Float80.normalSignificand(whole), sign | exponentOfInteger(whole) & Float80.EXPONENT_MASK);
        return true;
    }

    private static int exponent(int sign, int biased, int greatest, int bias, long significand) {
        int shifted = sign << 15;
        if (biased == greatest) {
            return shifted | Float80.EXPONENT_MASK;
        }
        if (biased != 0) {
            return shifted | biased + Float80.EXPONENT_BIAS - bias;
        }
        return significand == 0 ? shifted
                : shifted | 1 + Float80.EXPONENT_BIAS - bias - Long.numberOfLeadingZeros(significand);
    }

    /** The rounded magnitude, or -1 with an invalid operation if there is none up to the limit. */
    private static long magnitude(X87 fpu, long significand, int exponent, long limit, int mode) {
        fpu.flags &= ~X87.C1;
        int shift = Float80.EXPONENT_BIAS + 63 - (exponent & Float80.EXPONENT_MASK);
        if (shift < 0 || Float80.unsupported(significand, exponent)) {
            fpu.storeAbandoned = fpu.raise(X87.INVALID);
            return -1;
        }
        long whole = shift < 64 ? significand >>> shift : 0;
        long rest = shift == 0 ? 0 : X87Wide.shiftRightSticky(significand, 0, shift);
        boolean away = Float80Rounding.away(mode, exponent & Float80.SIGN, (whole & 1) != 0, rest);
        long rounded = away ? whole + 1 : whole;
        if (Long.compareUnsigned(rounded, limit) > 0) {
            fpu.storeAbandoned = fpu.raise(X87.INVALID);
            return -1;
        }
        fpu.flags |= (rest != 0 ? X87.PRECISION : 0) | (away ? X87.C1 : 0);
        fpu.storeAbandoned = false;
        return rounded;
    }

    private static long narrow(X87 fpu, long significand, int exponent, int fractionBits, int exponentBits) {
        fpu.flags &= ~X87.C1;
        fpu.storeAbandoned = false;
        long sign = (long) (exponent >> 15 & 1) << fractionBits + exponentBits;
        long infinity = (1L << exponentBits) - 1 << fractionBits;
        if (Float80.notNumber(significand, exponent)) {
            return narrowNan(fpu, significand, exponent, sign | infinity, fractionBits);
        }
        if (significand == 0) {
            return sign;
        }
        if (Float80.infinite(significand, exponent)) {
            return sign | infinity;
        }
        int bias = (1 << exponentBits - 1) - 1;
        int biased = Float80.normalExponent(significand, exponent) - Float80.EXPONENT_BIAS + bias;
        return narrowFinite(fpu, Float80.normalSignificand(significand), biased, sign, fractionBits, infinity);
    }

    private static long narrowNan(X87 fpu, long significand, int exponent, long nan, int fractionBits) {
        if (Float80.unsupported(significand, exponent)) {
            fpu.storeAbandoned = fpu.raise(X87.INVALID);
            return -1L << fractionBits - 1;
        }
        if (Float80.signaling(significand, exponent)) {
            fpu.storeAbandoned = fpu.raise(X87.INVALID);
        }
        return nan | (significand | Float80.QUIET_BIT) << 1 >>> 64 - fractionBits;
    }

    private static long narrowFinite(X87 fpu, long significand, int biased, long sign, int fractionBits,
            long infinity) {
        int dropped = 63 - fractionBits;
        int mode = Float80Rounding.mode(fpu.control);
        int signed = sign != 0 ? 1 : 0;
        long rest = significand << 64 - dropped;
        long kept = significand >>> dropped;
        boolean away = Float80Rounding.away(mode, signed, (kept & 1) != 0, rest);
        long rounded = kept + (away ? 1 : 0);
        if (biased < 0 || biased == 0 && rounded >>> fractionBits + 1 == 0) {
            if ((fpu.control & X87.UNDERFLOW) == 0) {
                fpu.storeAbandoned = fpu.raise(X87.UNDERFLOW);
                return 0;
            }
            int shift = dropped + 1 - biased;
            kept = shift < 64 ? significand >>> shift : 0;
            rest = X87Wide.shiftRightSticky(significand, 0, shift);
            away = Float80Rounding.away(mode, signed, (kept & 1) != 0, rest);
            fpu.flags |= (rest != 0 ? X87.UNDERFLOW | X87.PRECISION : 0) | (away ? X87.C1 : 0);
            return sign | kept + (away ? 1 : 0);
        }
        long result = ((long) biased - 1 << fractionBits) + rounded;
        if (biased > 0x7fe || result >= infinity) {
            fpu.storeAbandoned = fpu.raise(X87.OVERFLOW);
            boolean toInfinity = mode == Float80Rounding.NEAREST
                    || mode == (signed != 0 ? Float80Rounding.DOWN : Float80Rounding.UP);
            if (!fpu.storeAbandoned) {
                fpu.flags |= X87.PRECISION | (toInfinity ? X87.C1 : 0);
            }
            return sign | (toInfinity ? infinity : infinity - 1);
        }
        fpu.flags |= (rest != 0 ? X87.PRECISION : 0) | (away ? X87.C1 : 0);
        return sign | result;
    }
}
