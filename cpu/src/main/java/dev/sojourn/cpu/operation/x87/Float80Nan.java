package dev.sojourn.cpu.operation.x87;

/** What operations return when an operand is a NaN or an unsupported format (SDM volume 1, table 4-7). */
final class Float80Nan {
    private Float80Nan() {}

    /** The result of an operation with one operand that is not a number. */
    static boolean propagate(X87 fpu, int to, long significand, int exponent) {
        fpu.flags &= ~X87.C1;
        if (Float80.unsupported(significand, exponent)) {
            return fpu.invalid(to);
        }
        if (Float80.signaling(significand, exponent) && fpu.raise(X87.INVALID)) {
            return false;
        }
        fpu.put(to, significand | Float80.QUIET_BIT, exponent);
        return true;
    }

    /**
     * The result of an operation of two operands of which at least one is not a number.
     *
     * <p>A quiet NaN wins over a signaling one, then the larger significand, then the positive sign.
     */
    static boolean propagate(X87 fpu, int to, long a, int aExponent, long b, int bExponent) {
        fpu.flags &= ~X87.C1;
        if (Float80.unsupported(a, aExponent) || Float80.unsupported(b, bExponent)) {
            return fpu.invalid(to);
        }
        boolean aSignaling = Float80.signaling(a, aExponent);
        boolean bSignaling = Float80.signaling(b, bExponent);
        if ((aSignaling || bSignaling) && fpu.raise(X87.INVALID)) {
            return false;
        }
        boolean first;
        if (!Float80.nan(b, bExponent)) {
            first = true;
        } else if (!Float80.nan(a, aExponent)) {
            first = false;
        } else if (aSignaling != bSignaling) {
            first = bSignaling;
        } else {
            int order = Long.compareUnsigned(a, b);
            first = order > 0 || order == 0 && aExponent < bExponent;
        }
        if (first) {
            fpu.put(to, a | Float80.QUIET_BIT, aExponent);
        } else {
            fpu.put(to, b | Float80.QUIET_BIT, bExponent);
        }
        return true;
    }
}
