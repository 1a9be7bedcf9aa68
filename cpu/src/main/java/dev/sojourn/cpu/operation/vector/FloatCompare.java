package dev.sojourn.cpu.operation.vector;

/** Floating-point comparison: masks by predicate (cmpps and kin) and flags (comiss and kin). */
public final class FloatCompare {
    private static final int UNORDERED_FLAGS = 0x45;
    private static final int ZERO = 0x40;
    private static final int CARRY = 0x01;

    /** Predicates 1, 2, 5 and 6 (less, less or equal, and their negations) signal any NaN. */
    private static final int SIGNALLING = 0b0110_0110;

    private FloatCompare() {}

    /** All ones or zero. Predicates from 0: equal, less, less or equal, unordered; from 4 their negations. */
    public static long cmpsd(Mxcsr m, long a, long b, int predicate) {
        if (FloatArithmetic.isPlain(a) && FloatArithmetic.isPlain(b)) {
            return holds(true, Double.longBitsToDouble(a), Double.longBitsToDouble(b), predicate) ? -1 : 0;
        }
        boolean ordered = admit(m, FloatFormat.DOUBLE, a, b, signals(predicate));
        double x = Double.longBitsToDouble(ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, a));
        double y = Double.longBitsToDouble(ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, b));
        return holds(ordered, x, y, predicate) ? -1 : 0;
    }

    public static int cmpss(Mxcsr m, int a, int b, int predicate) {
        if (FloatArithmetic.isPlain(a) && FloatArithmetic.isPlain(b)) {
            return holds(true, Float.intBitsToFloat(a), Float.intBitsToFloat(b), predicate) ? -1 : 0;
        }
        boolean ordered = admit(m, FloatFormat.SINGLE, Integer.toUnsignedLong(a), Integer.toUnsignedLong(b),
                signals(predicate));
        return holds(ordered, single(m, a), single(m, b), predicate) ? -1 : 0;
    }

    /** One half of cmpps: two singles. */
    public static long cmpps(Mxcsr m, long a, long b, int predicate) {
        return Lanes.dwords(cmpss(m, (int) a, (int) b, predicate), cmpss(m, Lanes.high(a), Lanes.high(b), predicate));
    }

    /** ZF, PF and CF as bits of EFLAGS; the other arithmetic flags are cleared. Any NaN is an invalid operand. */
    public static int comisd(Mxcsr m, long a, long b) { return flags(m, a, b, true); }

    public static int ucomisd(Mxcsr m, long a, long b) { return flags(m, a, b, false); }

    public static int comiss(Mxcsr m, int a, int b) { return flags(m, a, b, true); }

    public static int ucomiss(Mxcsr m, int a, int b) { return flags(m, a, b, false); }

    /** Raises what the operands of a comparison raise; true if they are ordered. */
    static boolean admit(Mxcsr m, FloatFormat f, long a, long b, boolean signals) {
        if (f.isNan(a) || f.isNan(b)) {
            if (signals || f.isSignalling(a) || f.isSignalling(b)) m.raise(Mxcsr.INVALID);
            return false;
        }
        ExactFloat.admitPair(m, f, a, b);
        return true;
    }

    private static boolean signals(int predicate) { return (SIGNALLING >> (predicate & 7) & 1) != 0; }

    private static boolean holds(boolean ordered, double x, double y, int predicate) {
        boolean plain = switch (predicate & 3) {
            case 0 -> ordered && x == y;
            case 1 -> ordered && x < y;
            case 2 -> ordered && x <= y;
            default -> !ordered;
        };
        return plain ^ (predicate & 4) != 0;
    }

    private static int flags(Mxcsr m, long a, long b, boolean signals) {
        if (FloatArithmetic.isPlain(a) && FloatArithmetic.isPlain(b)) {
            return flags(Double.longBitsToDouble(a), Double.longBitsToDouble(b));
        }
        if (!admit(m, FloatFormat.DOUBLE, a, b, signals)) return UNORDERED_FLAGS;
        return flags(Double.longBitsToDouble(ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, a)),
                Double.longBitsToDouble(ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, b)));
    }

    private static int flags(Mxcsr m, int a, int b, boolean signals) {
        if (FloatArithmetic.isPlain(a) && FloatArithmetic.isPlain(b)) {
            return flags(Float.intBitsToFloat(a), Float.intBitsToFloat(b));
        }
        if (!admit(m, FloatFormat.SINGLE, Integer.toUnsignedLong(a), Integer.toUnsignedLong(b), signals)) {
            return UNORDERED_FLAGS;
        }
        return flags(single(m, a), single(m, b));
    }

    private static int flags(double x, double y) { return x == y ? ZERO : x < y ? CARRY : 0; }

    private static float single(Mxcsr m, int bits) {
        long wide = Integer.toUnsignedLong(bits);
        return Float.intBitsToFloat((int) ExactFloat.zeroIfDenormal(m, FloatFormat.SINGLE, wide));
    }
}
