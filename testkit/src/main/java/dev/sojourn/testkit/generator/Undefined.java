package dev.sojourn.testkit.generator;

import dev.sojourn.testkit.oracle.Looseness;
import dev.sojourn.testkit.oracle.ProcessorState;

/** What the manual leaves undefined after a case, by the rows' traits and the counts in question (volume 2). */
final class Undefined {
    private static final int C0 = 0x100;
    private static final int C1 = 0x200;
    private static final int C2 = 0x400;
    private static final int C3 = 0x4000;
    private static final int PRECISION_AND_UNDERFLOW = 0x30;
    private static final int TRANSCENDENTAL_ULPS = 8;

    private static final Looseness WHOLE = new Looseness(0, 0xff | C0 | C1 | C2 | C3, true, false, 0);

    private Undefined() {}

    static Looseness of(Draft d) {
        Looseness result = Looseness.NONE;
        for (Trait trait : d.row.traits()) {
            Looseness more = of(d, trait);
            result = new Looseness(result.flags() | more.flags(), result.status() | more.status(),
                    result.destination() | more.destination(), result.approximate() | more.approximate(),
                    Math.max(result.ulps(), more.ulps()));
        }
        return result.equals(Looseness.NONE) ? Looseness.NONE : result;
    }

    private static Looseness of(Draft d, Trait trait) {
        return switch (trait) {
            case U_AF -> flags(Flags.AF);
            case U_SHIFT -> shift(d);
            case U_ROTATE -> flags(count(d) > 1 ? Flags.OF : 0);
            case U_DOUBLE_SHIFT -> doubleShift(d);
            case U_MULTIPLY -> flags(Flags.SF | Flags.ZF | Flags.AF | Flags.PF);
            case U_ALL_FLAGS -> flags(Flags.STATUS);
            case U_BIT_SCAN -> flags(Flags.STATUS & ~Flags.ZF);
            case U_BIT_TEST -> flags(Flags.OF | Flags.SF | Flags.AF | Flags.PF);
            case U_DECIMAL -> flags(Flags.OF);
            case U_AAA -> flags(Flags.OF | Flags.SF | Flags.ZF | Flags.PF);
            case U_AAM -> flags(Flags.OF | Flags.AF | Flags.CF);
            case U_C023 -> status(C0 | C2 | C3);
            case U_C0123 -> status(C0 | C1 | C2 | C3);
            case U_C03 -> new Looseness(0, C0 | C1 | C3 | PRECISION_AND_UNDERFLOW, false, false, TRANSCENDENTAL_ULPS);
            case U_TRANSCENDENTAL -> new Looseness(0, C0 | C1 | C3 | PRECISION_AND_UNDERFLOW
                    | (d.row.is(Trait.U_C03) ? 0 : C2), false, false, TRANSCENDENTAL_ULPS);
            case U_PARTIAL_REMAINDER -> isPartial(d) ? new Looseness(0, C0 | C1 | C2 | C3, true, false, 0)
                    : Looseness.NONE;
            case SMALL_ARGUMENT -> isLarge(d) ? WHOLE : Looseness.NONE;
            case U_PACKED -> isDecimal(d) ? Looseness.NONE : WHOLE;
            case U_APPROXIMATE -> new Looseness(0, 0, false, true, 0);
            default -> Looseness.NONE;
        };
    }

    private static Looseness shift(Draft d) {
        int count = count(d);
        if (count == 0) {
            return Looseness.NONE;
        }
        boolean arithmetic = d.row.extension() == 7;
        boolean beyond = !arithmetic && count >= 8 * d.bytesOf(d.row.rm());
        return flags(Flags.AF | (count > 1 ? Flags.OF : 0) | (beyond ? Flags.CF : 0));
    }

    private static Looseness doubleShift(Draft d) {
        int count = count(d);
        if (count == 0) {
            return Looseness.NONE;
        }
        return count > 8 * d.operandBytes() ? new Looseness(Flags.STATUS, 0, true, false, 0)
                : flags(Flags.AF | (count > 1 ? Flags.OF : 0));
    }

    private static int count(Draft d) {
        int count = 1;
        if (d.row.is(Trait.COUNT_CL)) {
            count = (int) d.general[Draft.RCX];
        } else if (d.row.operands().contains("Ib")) {
            count = d.immediate;
        }
        return count & (d.wide ? 0x3f : 0x1f);
    }

    /** Above this distance of exponents FPREM takes a step whose length is the processor's own business. */
    private static boolean isPartial(Draft d) {
        int dividend = d.fxBuffer.getShort(ProcessorState.FX_STACK + 8) & 0x7fff;
        int divisor = d.fxBuffer.getShort(ProcessorState.FX_STACK + 16 + 8) & 0x7fff;
        return dividend - divisor >= 63 || divisor == 0 || dividend == 0;
    }

    /** F2XM1 beyond 1 and FYL2XP1 beyond 1 - sqrt(1/2) are undefined; a quarter is small enough for both. */
    private static boolean isLarge(Draft d) {
        int exponent = d.fxBuffer.getShort(ProcessorState.FX_STACK + 8) & 0x7fff;
        long significand = d.fxBuffer.getLong(ProcessorState.FX_STACK);
        boolean nan = exponent == 0x7fff && significand << 1 != 0;
        boolean one = d.row.name().contains("f2xm1");
        return !nan && exponent >= (one ? 0x3fff : 0x3ffd);
    }

    /** FBLD of digits beyond 9 is undefined. */
    private static boolean isDecimal(Draft d) {
        for (int i = 0; i < 9; i++) {
            long digits = d.peek(d.target + i, 1);
            if ((digits & 0xf) > 9 || digits >> 4 > 9) {
                return false;
            }
        }
        return true;
    }

    private static Looseness flags(int flags) {
        return flags == 0 ? Looseness.NONE : new Looseness(flags, 0, false, false, 0);
    }

    private static Looseness status(int status) { return new Looseness(0, status, false, false, 0); }
}
