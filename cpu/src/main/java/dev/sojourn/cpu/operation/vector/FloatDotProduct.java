package dev.sojourn.cpu.operation.vector;

/**
 * dpps and dppd: the high four bits of the control pick the products, the low four the lanes that get their sum.
 *
 * <p>The order of terms differs by lane, which shows only in the choice among several NaNs. Exceptions are settled at
 * each step (see SDM volume 2, DPPS); when #XM is due a method stops early and leaves it to the caller to find that
 * out by {@link Mxcsr#settle} as usual. The steps of both halves are the same, so that the second raises nothing new.
 */
public final class FloatDotProduct {
    private FloatDotProduct() {}

    public static long dppsLow(Mxcsr m, long aLow, long aHigh, long bLow, long bHigh, int control) {
        return singles(m, aLow, bLow, control >> 4, aHigh, bHigh, control >> 6, control);
    }

    public static long dppsHigh(Mxcsr m, long aLow, long aHigh, long bLow, long bHigh, int control) {
        return singles(m, aHigh, bHigh, control >> 6, aLow, bLow, control >> 4, control >> 2);
    }

    public static long dppdLow(Mxcsr m, long aLow, long aHigh, long bLow, long bHigh, int control) {
        return doubles(m, aLow, bLow, control >> 4, aHigh, bHigh, control >> 5, control);
    }

    public static long dppdHigh(Mxcsr m, long aLow, long aHigh, long bLow, long bHigh, int control) {
        return doubles(m, aHigh, bHigh, control >> 5, aLow, bLow, control >> 4, control >> 1);
    }

    private static long singles(Mxcsr m, long a, long b, int picked, long aOther, long bOther, int otherPicked,
            int placed) {
        int p0 = (picked & 1) != 0 ? FloatArithmetic.mulss(m, (int) a, (int) b) : 0;
        int p1 = (picked & 2) != 0 ? FloatArithmetic.mulss(m, Lanes.high(a), Lanes.high(b)) : 0;
        int q0 = (otherPicked & 1) != 0 ? FloatArithmetic.mulss(m, (int) aOther, (int) bOther) : 0;
        int q1 = (otherPicked & 2) != 0 ? FloatArithmetic.mulss(m, Lanes.high(aOther), Lanes.high(bOther)) : 0;
        if (m.endStep()) return 0;
        int first = sum(m, p0, p1, q0, q1);
        int second = sum(m, p1, p0, q1, q0);
        return Lanes.dwords((placed & 1) != 0 ? first : 0, (placed & 2) != 0 ? second : 0);
    }

    private static int sum(Mxcsr m, int own, int neighbour, int other0, int other1) {
        int near = FloatArithmetic.addss(m, neighbour, own);
        int far = FloatArithmetic.addss(m, other1, other0);
        return m.endStep() ? 0 : FloatArithmetic.addss(m, near, far);
    }

    private static long doubles(Mxcsr m, long a, long b, int picked, long aOther, long bOther, int otherPicked,
            int placed) {
        long own = (picked & 1) != 0 ? FloatArithmetic.mulsd(m, a, b) : 0;
        long other = (otherPicked & 1) != 0 ? FloatArithmetic.mulsd(m, aOther, bOther) : 0;
        if (m.endStep()) return 0;
        long sum = FloatArithmetic.addsd(m, own, other);
        return (placed & 1) != 0 ? sum : 0;
    }
}
