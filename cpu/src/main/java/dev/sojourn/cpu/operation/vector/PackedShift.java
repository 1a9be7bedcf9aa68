package dev.sojourn.cpu.operation.vector;

/**
 * Packed shifts. The count is an immediate or the whole low half of the source; a count past the lane gives zeros, or
 * copies of the sign.
 */
public final class PackedShift {
    private static final long EACH_WORD = 0x0001_0001_0001_0001L;
    private static final long EACH_DWORD = 0x0000_0001_0000_0001L;

    private PackedShift() {}

    public static long psllw(long a, long count) {
        return past(count, 15) ? 0 : a << count & (0xffff << (int) count & 0xffff) * EACH_WORD;
    }

    public static long pslld(long a, long count) {
        return past(count, 31) ? 0 : a << count & (0xffff_ffffL << count & 0xffff_ffffL) * EACH_DWORD;
    }

    public static long psllq(long a, long count) { return past(count, 63) ? 0 : a << count; }

    public static long psrlw(long a, long count) {
        return past(count, 15) ? 0 : a >>> count & (0xffff >>> (int) count) * EACH_WORD;
    }

    public static long psrld(long a, long count) {
        return past(count, 31) ? 0 : a >>> count & (0xffff_ffffL >>> count) * EACH_DWORD;
    }

    public static long psrlq(long a, long count) { return past(count, 63) ? 0 : a >>> count; }

    public static long psraw(long a, long count) {
        int n = past(count, 15) ? 15 : (int) count;
        long sign = Lanes.WORDS >>> n;
        return Lanes.subtract(psrlw(a, n) ^ sign, sign, Lanes.WORDS);
    }

    public static long psrad(long a, long count) {
        int n = past(count, 31) ? 31 : (int) count;
        return Lanes.dwords(Lanes.low(a) >> n, Lanes.high(a) >> n);
    }

    public static long pslldqLow(long low, int bytes) { return bytes > 7 ? 0 : low << (bytes << 3); }

    public static long pslldqHigh(long low, long high, int bytes) {
        return bytes > 15 ? 0 : bytes == 0 ? high : bytes > 7 ? low << (bytes - 8 << 3)
                : high << (bytes << 3) | low >>> (64 - (bytes << 3));
    }

    public static long psrldqLow(long low, long high, int bytes) { return Shuffle.bytesFrom(low, high, bytes); }

    public static long psrldqHigh(long high, int bytes) { return bytes > 7 ? 0 : high >>> (bytes << 3); }

    private static boolean past(long count, int last) { return count < 0 || count > last; }
}
