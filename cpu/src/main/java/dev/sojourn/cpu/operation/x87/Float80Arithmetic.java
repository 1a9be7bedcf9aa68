package dev.sojourn.cpu.operation.x87;

/**
 * Addition, subtraction, multiplication and division.
 *
 * <p>Each writes its result to physical register {@code to} and says whether it did: {@code false} means an unmasked
 * exception came first. Where both operands are normal numbers nothing but the sum, product or quotient is on the way.
 */
public final class Float80Arithmetic {
    private Float80Arithmetic() {}

    /** a + b. */
    public static boolean add(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.normal(a, aExponent, b, bExponent)) {
            return sum(fpu, to, a, aExponent, b, bExponent);
        }
        return addSpecial(fpu, to, a, aExponent, b, bExponent, 0);
    }

    /** a - b. */
    public static boolean subtract(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.normal(a, aExponent, b, bExponent)) {
            return sum(fpu, to, a, aExponent, b, bExponent ^ Float80.SIGN);
        }
        return addSpecial(fpu, to, a, aExponent, b, bExponent, Float80.SIGN);
    }

    /** a * b. */
    public static boolean multiply(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.normal(a, aExponent, b, bExponent)) {
            return product(fpu, to, (aExponent ^ bExponent) & Float80.SIGN, a, aExponent & Float80.EXPONENT_MASK,
                    b, bExponent & Float80.EXPONENT_MASK);
        }
        return multiplySpecial(fpu, to, a, aExponent, b, bExponent);
    }

    /** a / b. */
    public static boolean divide(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.normal(a, aExponent, b, bExponent)) {
            return quotient(fpu, to, (aExponent ^ bExponent) & Float80.SIGN, a, aExponent & Float80.EXPONENT_MASK,
                    b, bExponent & Float80.EXPONENT_MASK);
        }
        return divideSpecial(fpu, to, a, aExponent, b, bExponent);
    }

    private static boolean sum(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        int aBiased = aExponent & Float80.EXPONENT_MASK;
        int bBiased = bExponent & Float80.EXPONENT_MASK;
        return sum(fpu, to, a, aExponent & Float80.SIGN, aBiased, b, bExponent & Float80.SIGN, bBiased);
    }

    /** The sum of two numbers with integer bits set and exponents of any size. */
    private static boolean sum(X87 fpu, int to, long a, int aSign, int aBiased, long b, int bSign, int bBiased) {
        int distance = aBiased - bBiased;
        if (distance < 0 || distance == 0 && Long.compareUnsigned(a, b) < 0) {
            return aSign == bSign ? addMagnitudes(fpu, to, bSign, bBiased, b, a, -distance)
                    : subtractMagnitudes(fpu, to, bSign, bBiased, b, a, -distance);
        }
        return aSign == bSign ? addMagnitudes(fpu, to, aSign, aBiased, a, b, distance)
                : subtractMagnitudes(fpu, to, aSign, aBiased, a, b, distance);
    }

    private static boolean addMagnitudes(X87 fpu, int to, int sign, int exponent, long a, long b, int distance) {
        boolean near = distance < 64;
        long low = near ? b << 1 << 63 - distance : below(b, distance);
        long high = near ? a + (b >>> distance) : a;
        if (Long.compareUnsigned(high, a) < 0) {
            low = high << 63 | low >>> 1 | low & 1;
            return Float80Rounding.pack(fpu, to, sign, exponent + 1, high >>> 1 | Float80.INTEGER_BIT, low);
        }
        return Float80Rounding.pack(fpu, to, sign, exponent, high, low);
    }

    /** Magnitude a minus magnitude b, which is not larger. */
    private static boolean subtractMagnitudes(X87 fpu, int to, int sign, int exponent, long a, long b, int distance) {
        boolean near = distance < 64;
        long below = near ? b << 1 << 63 - distance : below(b, distance);
        long high = near ? a - (b >>> distance) - (below != 0 ? 1 : 0) : a - 1;
        long low = -below;
        if (high < 0) {
            return Float80Rounding.pack(fpu, to, sign, exponent, high, low);
        }
        if (high == 0) {
            if (low == 0) {
                return zeroSum(fpu, to);
            }
            int zeros = Long.numberOfLeadingZeros(low);
            return Float80Rounding.pack(fpu, to, sign, exponent - 64 - zeros, low << zeros, 0);
        }
        int zeros = Long.numberOfLeadingZeros(high);
        return Float80Rounding.pack(fpu, to, sign, exponent - zeros, X87Wide.shiftLeftHigh(high, low, zeros),
                low << zeros);
    }

    /** What is left in the lower word of a significand shifted right by 64 or more, with a sticky last bit. */
    private static long below(long significand, int distance) {
        return distance == 64 ? significand : distance < 128 ? X87Wide.shiftRightSticky(significand, 0, distance) : 1;
    }

    /** An exact zero from unequal signs is negative only when rounding down (SDM volume 1, section 4.8.3.1). */
    private static boolean zeroSum(X87 fpu, int to) {
        fpu.flags &= ~X87.C1;
        fpu.put(to, 0, Float80Rounding.mode(fpu.control) == Float80Rounding.DOWN ? Float80.SIGN : 0);
        return true;
    }

    private static boolean product(X87 fpu, int to, int sign, long a, int aBiased, long b, int bBiased) {
        long high = Math.unsignedMultiplyHigh(a, b);
        long low = a * b;
        int exponent = aBiased + bBiased - (Float80.EXPONENT_BIAS - 1);
        int shift = (int) (~high >>> 63);
        return Float80Rounding.pack(fpu, to, sign, exponent - shift, X87Wide.shiftLeftHigh(high, low, shift),
                low << shift);
    }

    private static boolean quotient(X87 fpu, int to, int sign, long a, int aBiased, long b, int bBiased) {
        int exponent = aBiased - bBiased + Float80.EXPONENT_BIAS;
        long high = a;
        long low = 0;
        if (Long.compareUnsigned(a, b) >= 0) {
            high = a >>> 1;
            low = a << 63;
        } else {
            exponent--;
        }
        long quotient = X87Wide.divide(high, low, b);
        long rest = low - quotient * b;
        long below = 0;
        if (rest != 0) {
            int order = Long.compareUnsigned(rest, b - rest);
            below = order < 0 ? 1 : order == 0 ? Long.MIN_VALUE : Long.MIN_VALUE | 1;
        }
        return Float80Rounding.pack(fpu, to, sign, exponent, quotient, below);
    }

    /** @param flip the sign bit to turn over in b, which a NaN keeps */
    private static boolean addSpecial(X87 fpu, int to, long a, int aExponent, long b, int bExponent, int flip) {
        if (Float80.notNumber(a, aExponent) || Float80.notNumber(b, bExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent, b, bExponent);
        }
        fpu.flags &= ~X87.C1;
        int bSigned = bExponent ^ flip;
        boolean aInfinite = Float80.infinite(a, aExponent);
        boolean bInfinite = Float80.infinite(b, bExponent);
        if (aInfinite && bInfinite && aExponent != bSigned) {
            return fpu.invalid(to);
        }
        if (denormalStops(fpu, a, aExponent, b, bExponent)) {
            return false;
        }
        if (aInfinite || bInfinite) {
            fpu.put(to, Float80.INTEGER_BIT, aInfinite ? aExponent : bSigned);
            return true;
        }
        if (a == 0 && b == 0) {
            if (aExponent == bSigned) {
                fpu.put(to, 0, aExponent);
                return true;
            }
            return zeroSum(fpu, to);
        }
        int aSign = aExponent & Float80.SIGN;
        int bSign = bSigned & Float80.SIGN;
        int aBiased = Float80.normalExponent(a, aExponent);
        int bBiased = Float80.normalExponent(b, bExponent);
        if (a == 0) {
            return Float80Rounding.pack(fpu, to, bSign, bBiased, Float80.normalSignificand(b), 0);
        }
        if (b == 0) {
            return Float80Rounding.pack(fpu, to, aSign, aBiased, Float80.normalSignificand(a), 0);
        }
        return sum(fpu, to, Float80.normalSignificand(a), aSign, aBiased,
                Float80.normalSignificand(b), bSign, bBiased);
    }

    private static boolean multiplySpecial(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.notNumber(a, aExponent) || Float80.notNumber(b, bExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent, b, bExponent);
        }
        fpu.flags &= ~X87.C1;
        int sign = (aExponent ^ bExponent) & Float80.SIGN;
        boolean infinite = Float80.infinite(a, aExponent) || Float80.infinite(b, bExponent);
        boolean zero = a == 0 || b == 0;
        if (infinite && zero) {
            return fpu.invalid(to);
        }
        if (denormalStops(fpu, a, aExponent, b, bExponent)) {
            return false;
        }
        if (infinite) {
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
            return true;
        }
        if (zero) {
            fpu.put(to, 0, sign);
            return true;
        }
        return product(fpu, to, sign, Float80.normalSignificand(a), Float80.normalExponent(a, aExponent),
                Float80.normalSignificand(b), Float80.normalExponent(b, bExponent));
    }

    private static boolean divideSpecial(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        if (Float80.notNumber(a, aExponent) || Float80.notNumber(b, bExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent, b, bExponent);
        }
        fpu.flags &= ~X87.C1;
        int sign = (aExponent ^ bExponent) & Float80.SIGN;
        boolean aInfinite = Float80.infinite(a, aExponent);
        boolean bInfinite = Float80.infinite(b, bExponent);
        if (aInfinite && bInfinite || a == 0 && b == 0) {
            return fpu.invalid(to);
        }
        if (b == 0 && !aInfinite) {
            if (fpu.raise(X87.ZERO_DIVIDE)) {
                return false;
            }
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
            return true;
        }
        if (denormalStops(fpu, a, aExponent, b, bExponent)) {
            return false;
        }
        if (aInfinite) {
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
            return true;
        }
        if (bInfinite || a == 0) {
            fpu.put(to, 0, sign);
            return true;
        }
        return quotient(fpu, to, sign, Float80.normalSignificand(a), Float80.normalExponent(a, aExponent),
                Float80.normalSignificand(b), Float80.normalExponent(b, bExponent));
    }

    /** Reports denormal operands. @return whether the exception is unmasked */
    static boolean denormalStops(X87 fpu, long a, int aExponent, long b, int bExponent) {
        return (Float80.denormal(a, aExponent) || Float80.denormal(b, bExponent)) && fpu.raise(X87.DENORMAL);
    }

    static boolean denormalStops(X87 fpu, long a, int aExponent) {
        return Float80.denormal(a, aExponent) && fpu.raise(X87.DENORMAL);
    }
}
