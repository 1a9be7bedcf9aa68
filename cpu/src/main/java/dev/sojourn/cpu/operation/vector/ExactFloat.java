package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Mxcsr.DENORMAL;
import static dev.sojourn.cpu.operation.vector.Mxcsr.INEXACT;
import static dev.sojourn.cpu.operation.vector.Mxcsr.INVALID;
import static dev.sojourn.cpu.operation.vector.Mxcsr.OVERFLOW;
import static dev.sojourn.cpu.operation.vector.Mxcsr.UNDERFLOW;
import static dev.sojourn.cpu.operation.vector.Mxcsr.ZERO_DIVIDE;

/**
 * Floating-point arithmetic in integers, by all the rules: every rounding mode, NaN, denormal and flag.
 *
 * <p>{@link FloatArithmetic} comes here whenever native arithmetic would leave something unsaid. An intermediate
 * result is a sign, an exponent and 64 digits with the leading one in bit 63; whatever lies below is folded into bit
 * 0, which is far enough below the last digit of either format to serve as the sticky bit.
 */
final class ExactFloat {
    private ExactFloat() {}

    static long add(Mxcsr m, FloatFormat f, long first, long second) {
        if (f.isNan(first) || f.isNan(second)) return nan(m, f, first, second);
        if (f.isInfinite(first) && f.isInfinite(second) && first != second) return invalid(m, f);
        long a = admitPair(m, f, first, second);
        long b = zeroIfDenormal(m, f, second);
        if (f.isInfinite(a)) return a;
        if (f.isInfinite(b)) return b;
        if (f.isZero(a) && f.isZero(b)) return a == b ? a : cancelled(m, f);
        if (f.isZero(a)) return normalized(m, f, b);
        if (f.isZero(b)) return normalized(m, f, a);
        boolean aIsGreater = (a & ~f.sign) >= (b & ~f.sign);
        return sum(m, f, aIsGreater ? a : b, aIsGreater ? b : a);
    }

    static long subtract(Mxcsr m, FloatFormat f, long a, long b) {
        return add(m, f, a, f.isNan(b) ? b : b ^ f.sign);
    }

    static long multiply(Mxcsr m, FloatFormat f, long first, long second) {
        if (f.isNan(first) || f.isNan(second)) return nan(m, f, first, second);
        long a = zeroIfDenormal(m, f, first);
        long b = zeroIfDenormal(m, f, second);
        if (f.isInfinite(a) && f.isZero(b) || f.isZero(a) && f.isInfinite(b)) return invalid(m, f);
        admitPair(m, f, first, second);
        boolean negative = f.isNegative(a ^ b);
        if (f.isInfinite(a) || f.isInfinite(b)) return f.infinity(negative);
        if (f.isZero(a) || f.isZero(b)) return f.zero(negative);
        long x = f.significand(a);
        long y = f.significand(b);
        long product = Math.unsignedMultiplyHigh(x, y) | (x * y != 0 ? 1 : 0);
        return normalize(m, f, negative, f.exponent(a) + f.exponent(b) + 1, product);
    }

    static long divide(Mxcsr m, FloatFormat f, long first, long second) {
        if (f.isNan(first) || f.isNan(second)) return nan(m, f, first, second);
        long a = zeroIfDenormal(m, f, first);
        long b = zeroIfDenormal(m, f, second);
        if (f.isInfinite(a) && f.isInfinite(b) || f.isZero(a) && f.isZero(b)) return invalid(m, f);
        boolean negative = f.isNegative(a ^ b);
        if (f.isZero(b) && !f.isInfinite(a)) {
            m.raise(ZERO_DIVIDE);
            return f.infinity(negative);
        }
        admitPair(m, f, first, second);
        if (f.isInfinite(a)) return f.infinity(negative);
        if (f.isInfinite(b) || f.isZero(a)) return f.zero(negative);
        return round(m, f, negative, quotientExponent(f, a, b), quotient(f.significand(a), f.significand(b)));
    }

    static long squareRoot(Mxcsr m, FloatFormat f, long operand) {
        if (f.isNan(operand)) return nan(m, f, operand, operand);
        long a = zeroIfDenormal(m, f, operand);
        if (f.isZero(a)) return a;
        if (f.isNegative(a)) return invalid(m, f);
        admitPair(m, f, operand, operand);
        if (f.isInfinite(a)) return a;
        int exponent = f.exponent(a);
        return round(m, f, false, exponent >> 1, root(f.significand(a), exponent & 1));
    }

    /** Conversion between the formats. */
    static long convert(Mxcsr m, FloatFormat from, FloatFormat to, long operand) {
        boolean negative = from.isNegative(operand);
        if (from.isNan(operand)) {
            if (from.isSignalling(operand)) m.raise(INVALID);
            long payload = (operand & from.fraction) << 63 - from.fractionBits >>> 63 - to.fractionBits;
            return to.infinity(negative) | to.quiet | payload;
        }
        long a = admitPair(m, from, operand, operand);
        if (from.isInfinite(a)) return to.infinity(negative);
        if (from.isZero(a)) return to.zero(negative);
        return round(m, to, negative, from.exponent(a), from.significand(a));
    }

    static long fromLong(Mxcsr m, FloatFormat f, long integer) {
        if (integer == 0) return 0;
        return normalize(m, f, integer < 0, 63, Math.abs(integer));
    }

    /** The NaN that comes of two operands of which at least one is a NaN: the first one, made quiet. */
    static long nan(Mxcsr m, FloatFormat f, long a, long b) {
        if (f.isSignalling(a) || f.isSignalling(b)) m.raise(INVALID);
        return (f.isNan(a) ? a : b) | f.quiet;
    }

    /** The operand, or with DAZ a zero in place of a denormal. */
    static long zeroIfDenormal(Mxcsr m, FloatFormat f, long a) {
        return m.denormalsAreZeros() && f.isDenormal(a) ? a & f.sign : a;
    }

    /** Reports denormal operands, unless DAZ says that they are zeros; returns the first one as it counts. */
    static long admitPair(Mxcsr m, FloatFormat f, long a, long b) {
        if (!m.denormalsAreZeros() && (f.isDenormal(a) || f.isDenormal(b))) m.raise(DENORMAL);
        return zeroIfDenormal(m, f, a);
    }

    private static long invalid(Mxcsr m, FloatFormat f) {
        m.raise(INVALID);
        return f.indefinite();
    }

    /** What equal numbers of opposite sign add up to. */
    private static long cancelled(Mxcsr m, FloatFormat f) { return f.zero(m.rounding() == Mxcsr.DOWN); }

    private static long normalized(Mxcsr m, FloatFormat f, long a) {
        return round(m, f, f.isNegative(a), f.exponent(a), f.significand(a));
    }

    /** The sum of finite numbers, neither zero, the first not the smaller by magnitude. */
    private static long sum(Mxcsr m, FloatFormat f, long a, long b) {
        int exponent = f.exponent(a);
        long x = f.significand(a) >>> 1;
        long y = shiftRight(f.significand(b) >>> 1, exponent - f.exponent(b));
        long digits = f.isNegative(a ^ b) ? x - y : x + y;
        return digits == 0 ? cancelled(m, f) : normalize(m, f, f.isNegative(a), exponent + 1, digits);
    }

    private static int quotientExponent(FloatFormat f, long a, long b) {
        boolean below = Long.compareUnsigned(f.significand(a), f.significand(b)) < 0;
        return f.exponent(a) - f.exponent(b) - (below ? 1 : 0);
    }

    /** The quotient's digits, one at a time; both operands have their leading one in bit 63 and at most 53 digits. */
    private static long quotient(long a, long b) {
        long divisor = b >>> 8;
        long rest = a >>> 8;
        if (rest < divisor) rest <<= 1;
        long digits = 0;
        for (int i = 0; i < 63; i++) {
            digits <<= 1;
            if (rest >= divisor) {
                rest -= divisor;
                digits |= 1;
            }
            rest <<= 1;
        }
        return digits << 1 | (rest != 0 ? 1 : 0);
    }

    /** The root's digits: 53 of them to nearest, and then one either way if that is not the whole truth. */
    private static long root(long digits, int odd) {
        long a = digits >>> 11;
        long r = (long) (Math.sqrt(a * (odd == 0 ? 1.0 : 2.0)) * 0x1p26);
        // The square has 104 fraction digits and is compared with the operand, shifted to the same scale.
        long high = a >>> (12 - odd);
        long low = a << (52 + odd);
        long squareHigh = Math.multiplyHigh(r, r);
        long squareLow = r * r;
        int order = high != squareHigh ? Long.compare(squareHigh, high) : Long.compareUnsigned(squareLow, low);
        return (r << 11) + (order > 0 ? -1 : order < 0 ? 1 : 0);
    }

    private static long normalize(Mxcsr m, FloatFormat f, boolean negative, int exponent, long digits) {
        int zeros = Long.numberOfLeadingZeros(digits);
        return round(m, f, negative, exponent - zeros, digits << zeros);
    }

    /** A value of the format, from digits whose leading one, in bit 63, stands for 2 to the exponent. */
    private static long round(Mxcsr m, FloatFormat f, boolean negative, int exponent, long digits) {
        int dropped = 63 - f.fractionBits;
        int biased = exponent + f.bias;
        long kept = roundedDigits(m, negative, digits, dropped);
        int carry = (int) (kept >>> f.fractionBits + 1);
        boolean exact = (digits & (1L << dropped) - 1) == 0;
        if (biased + carry < 1) return tiny(m, f, negative, biased, digits, exact);
        if (biased < 1) return denormalized(m, f, negative, biased, digits);
        if (biased + carry > 2 * f.bias) return overflow(m, f, negative, exact);
        if (!exact) m.raise(INEXACT);
        // A carry out of the digits moves the exponent up by itself.
        return f.zero(negative) | ((long) (biased - 1) << f.fractionBits) + kept;
    }

    /**
     * A result below the smallest normal number even if the exponent had no end; see SDM volume 1, section 4.9.1.5. An
     * unmasked underflow is reported exact or not, and as inexact only if the digits were rounded at full width.
     */
    private static long tiny(Mxcsr m, FloatFormat f, boolean negative, int biased, long digits, boolean exact) {
        if (!m.masks(UNDERFLOW)) {
            m.raise(exact ? UNDERFLOW : UNDERFLOW | INEXACT);
            return f.zero(negative);
        }
        if (m.flushesToZero()) {
            m.raise(UNDERFLOW | INEXACT);
            return f.zero(negative);
        }
        if (isInexact(f, biased, digits)) m.raise(UNDERFLOW);
        return denormalized(m, f, negative, biased, digits);
    }

    private static long denormalized(Mxcsr m, FloatFormat f, boolean negative, int biased, long digits) {
        if (isInexact(f, biased, digits)) m.raise(INEXACT);
        long shifted = shiftRight(digits, 1 - biased);
        return f.zero(negative) | roundedDigits(m, negative, shifted, 63 - f.fractionBits);
    }

    private static boolean isInexact(FloatFormat f, int biased, long digits) {
        return (shiftRight(digits, 1 - biased) & (1L << 63 - f.fractionBits) - 1) != 0;
    }

    /** Masked, an overflow is always inexact; unmasked, only if digits were rounded. */
    private static long overflow(Mxcsr m, FloatFormat f, boolean negative, boolean exact) {
        m.raise(exact && !m.masks(OVERFLOW) ? OVERFLOW : OVERFLOW | INEXACT);
        boolean toInfinity = switch (m.rounding()) {
            case Mxcsr.NEAREST -> true;
            case Mxcsr.DOWN -> negative;
            case Mxcsr.UP -> !negative;
            default -> false;
        };
        return toInfinity ? f.infinity(negative) : f.greatest(negative);
    }

    /** The digits without the lowest ones, rounded as MXCSR says. */
    private static long roundedDigits(Mxcsr m, boolean negative, long digits, int dropped) {
        long kept = digits >>> dropped;
        long rest = digits & (1L << dropped) - 1;
        long half = 1L << dropped - 1;
        boolean up = switch (m.rounding()) {
            case Mxcsr.NEAREST -> rest > half || rest == half && (kept & 1) != 0;
            case Mxcsr.DOWN -> negative && rest != 0;
            case Mxcsr.UP -> !negative && rest != 0;
            default -> false;
        };
        return up ? kept + 1 : kept;
    }

    /** A shift that keeps in bit 0 whether any one was lost. */
    private static long shiftRight(long digits, int count) {
        if (count == 0) return digits;
        if (count > 63) return digits != 0 ? 1 : 0;
        return digits >>> count | (digits << -count != 0 ? 1 : 0);
    }
}
