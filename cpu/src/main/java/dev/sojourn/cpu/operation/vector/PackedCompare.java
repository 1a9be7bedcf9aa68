package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Lanes.BYTES;
import static dev.sojourn.cpu.operation.vector.Lanes.DWORDS;
import static dev.sojourn.cpu.operation.vector.Lanes.WORDS;

/** Packed integer comparison: masks, least and greatest, and the test of all bits. */
public final class PackedCompare {
    private static final int CARRY = 1;
    private static final int ZERO = 0x40;

    private PackedCompare() {}

    public static long pcmpeqb(long a, long b) { return ~Lanes.nonZero(a ^ b, BYTES); }

    public static long pcmpeqw(long a, long b) { return ~Lanes.nonZero(a ^ b, WORDS); }

    public static long pcmpeqd(long a, long b) { return ~Lanes.nonZero(a ^ b, DWORDS); }

    public static long pcmpeqq(long a, long b) { return a == b ? -1 : 0; }

    public static long pcmpgtb(long a, long b) { return Lanes.less(b, a, BYTES); }

    public static long pcmpgtw(long a, long b) { return Lanes.less(b, a, WORDS); }

    public static long pcmpgtd(long a, long b) { return Lanes.less(b, a, DWORDS); }

    public static long pcmpgtq(long a, long b) { return a > b ? -1 : 0; }

    public static long pminub(long a, long b) { return Lanes.choose(Lanes.below(a, b, BYTES), a, b); }

    public static long pminuw(long a, long b) { return Lanes.choose(Lanes.below(a, b, WORDS), a, b); }

    public static long pminud(long a, long b) { return Lanes.choose(Lanes.below(a, b, DWORDS), a, b); }

    public static long pminsb(long a, long b) { return Lanes.choose(Lanes.less(a, b, BYTES), a, b); }

    public static long pminsw(long a, long b) { return Lanes.choose(Lanes.less(a, b, WORDS), a, b); }

    public static long pminsd(long a, long b) { return Lanes.choose(Lanes.less(a, b, DWORDS), a, b); }

    public static long pmaxub(long a, long b) { return Lanes.choose(Lanes.below(a, b, BYTES), b, a); }

    public static long pmaxuw(long a, long b) { return Lanes.choose(Lanes.below(a, b, WORDS), b, a); }

    public static long pmaxud(long a, long b) { return Lanes.choose(Lanes.below(a, b, DWORDS), b, a); }

    public static long pmaxsb(long a, long b) { return Lanes.choose(Lanes.less(a, b, BYTES), b, a); }

    public static long pmaxsw(long a, long b) { return Lanes.choose(Lanes.less(a, b, WORDS), b, a); }

    public static long pmaxsd(long a, long b) { return Lanes.choose(Lanes.less(a, b, DWORDS), b, a); }

    /** ZF and CF as bits of EFLAGS; the other arithmetic flags are cleared. */
    public static int ptest(long aLow, long aHigh, long bLow, long bHigh) {
        int zero = (aLow & bLow | aHigh & bHigh) == 0 ? ZERO : 0;
        int carry = (~aLow & bLow | ~aHigh & bHigh) == 0 ? CARRY : 0;
        return zero | carry;
    }
}
