package dev.sojourn.cpu.operation.x87;

/** Comparison and classification: what FCOM, FUCOM, FCOMI, FTST and FXAM say (SDM volume 1, section 8.3.6). */
public final class Float80Compare {
    private Float80Compare() {}

    /**
     * Compares a with b into C3, C2 and C0; also clears C1.
     *
     * @param quiet whether quiet NaNs are no invalid operation
     * @return false if an unmasked exception was met, so that nothing must be popped; the conditions are set anyway
     */
    public static boolean compare(X87 fpu, long a, int aExponent, long b, int bExponent, boolean quiet) {
        int conditions;
        boolean done = true;
        if (Float80.normal(a, aExponent, b, bExponent)) {
            conditions = order(a, aExponent, b, bExponent);
        } else if (Float80.notNumber(a, aExponent) || Float80.notNumber(b, bExponent)) {
            boolean invalid = !quiet
                    || Float80.unsupported(a, aExponent) || Float80.unsupported(b, bExponent)
                    || Float80.signaling(a, aExponent) || Float80.signaling(b, bExponent);
            done = !(invalid && fpu.raise(X87.INVALID));
            conditions = X87.C3 | X87.C2 | X87.C0;
        } else {
            done = !Float80Arithmetic.denormalStops(fpu, a, aExponent, b, bExponent);
            conditions = a == 0 && b == 0 ? X87.C3 : order(a, aExponent, b, bExponent);
        }
        fpu.flags = fpu.flags & ~X87.CONDITIONS | conditions;
        return done;
    }

    /** Classifies a register into C3, C2 and C0, with its sign in C1. */
    static void examine(X87 fpu, int register) {
        long significand = fpu.significands[register];
        int exponent = fpu.exponents[register];
        int kind;
        if (fpu.emptyRegister(register)) {
            kind = X87.C3 | X87.C0;
        } else if (Float80.unsupported(significand, exponent)) {
            kind = 0;
        } else if (Float80.nan(significand, exponent)) {
            kind = X87.C0;
        } else if (Float80.infinite(significand, exponent)) {
            kind = X87.C2 | X87.C0;
        } else if (Float80.zero(significand, exponent)) {
            kind = X87.C3;
        } else if (Float80.denormal(significand, exponent)) {
            kind = X87.C3 | X87.C2;
        } else {
            kind = X87.C2;
        }
        int sign = (exponent & Float80.SIGN) != 0 ? X87.C1 : 0;
        fpu.flags = fpu.flags & ~X87.CONDITIONS | kind | sign;
    }

    /** Orders numbers that are not both zero; a denormal has exponent one. */
    private static int order(long a, int aExponent, long b, int bExponent) {
        int aSign = aExponent & Float80.SIGN;
        if (aSign != (bExponent & Float80.SIGN)) {
            return aSign != 0 ? X87.C0 : 0;
        }
        int aBiased = Math.max(aExponent & Float80.EXPONENT_MASK, 1);
        int bBiased = Math.max(bExponent & Float80.EXPONENT_MASK, 1);
        int magnitudes = aBiased != bBiased ? aBiased - bBiased : Long.compareUnsigned(a, b);
        if (magnitudes == 0) {
            return X87.C3;
        }
        return magnitudes < 0 == (aSign == 0) ? X87.C0 : 0;
    }
}
