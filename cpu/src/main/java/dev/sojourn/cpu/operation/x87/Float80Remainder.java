package dev.sojourn.cpu.operation.x87;

/**
 * The partial remainders FPREM and FPREM1 (SDM volume 1, section 8.3.5, and volume 2).
 *
 * <p>A step reduces the exponents' difference by less than 64. The low three bits of a finished quotient go to C0, C3
 * and C1; C2 says that the reduction is not finished.
 */
public final class Float80Remainder {
    private Float80Remainder() {}

    /** @param nearest whether the quotient is rounded to nearest, as FPREM1 does, and not chopped */
    public static boolean remainder(X87 fpu, int to, long a, int aExponent, long b, int bExponent, boolean nearest) {
        fpu.flags &= ~X87.C2;
        if (Float80.notNumber(a, aExponent) || Float80.notNumber(b, bExponent)) {
            return Float80Nan.propagate(fpu, to, a, aExponent, b, bExponent);
        }
        fpu.flags &= ~X87.C1;
        if (Float80.infinite(a, aExponent) || b == 0) {
            return fpu.invalid(to);
        }
        if (Float80Arithmetic.denormalStops(fpu, a, aExponent, b, bExponent)) {
            return false;
        }
        fpu.flags &= ~X87.CONDITIONS;
        int sign = aExponent & Float80.SIGN;
        if (a == 0) {
            fpu.put(to, 0, sign);
            return true;
        }
        if (Float80.infinite(b, bExponent)) {
            fpu.put(to, a, Float80.canonicalExponent(a, aExponent));
            return true;
        }
        int aBiased = Float80.normalExponent(a, aExponent);
        int bBiased = Float80.normalExponent(b, bExponent);
        long dividend = Float80.normalSignificand(a);
        long divisor = Float80.normalSignificand(b);
        int distance = aBiased - bBiased;
        if (distance < -1 || distance == -1 && (!nearest || Long.compareUnsigned(dividend, divisor) <= 0)) {
            return pack(fpu, to, sign, aBiased, dividend, 0);
        }
        if (distance == -1) {
            return pack(fpu, to, sign ^ Float80.SIGN, aBiased, divisor - (dividend - divisor), 1);
        }
        return reduce(fpu, to, sign, dividend, divisor, distance, bBiased, nearest);
    }

    private static boolean reduce(X87 fpu, int to, int sign, long a, long b, int distance, int bBiased,
            boolean nearest) {
        boolean partial = distance >= 64;
        int step = partial ? 32 + (distance & 31) : distance;
        long top = Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
        long dividend = top != 0 ? a - b : a;
        long high = step == 0 ? 0 : dividend >>> 64 - step;
        long low = dividend << step;
        long quotient = X87Wide.divide(high, low, b);
        long rest = low - quotient * b;
        if (partial) {
            pack(fpu, to, sign, bBiased + distance - step, rest, 0);
            fpu.flags = fpu.flags & ~X87.CONDITIONS | X87.C2;
            return true;
        }
        quotient += top << step;
        int resultSign = sign;
        if (nearest) {
            int order = Long.compareUnsigned(rest, b - rest);
            if (order > 0 || order == 0 && (quotient & 1) != 0) {
                rest = b - rest;
                quotient++;
                resultSign ^= Float80.SIGN;
            }
        }
        return pack(fpu, to, rest == 0 ? sign : resultSign, bBiased, rest, quotient);
    }

    /** Writes a remainder, which is exact, and the low bits of the quotient. */
    private static boolean pack(X87 fpu, int to, int sign, int exponent, long rest, long quotient) {
        if (rest == 0) {
            fpu.put(to, 0, sign);
        } else {
            int zeros = Long.numberOfLeadingZeros(rest);
            Float80Rounding.packExtended(fpu, to, sign, exponent - zeros, rest << zeros, 0);
        }
        int low = (int) quotient;
        fpu.flags = fpu.flags & ~X87.CONDITIONS
                | ((low & 4) != 0 ? X87.C0 : 0) | ((low & 2) != 0 ? X87.C3 : 0) | ((low & 1) != 0 ? X87.C1 : 0);
        return true;
    }
}
