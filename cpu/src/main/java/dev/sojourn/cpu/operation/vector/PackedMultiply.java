package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Lanes.high;
import static dev.sojourn.cpu.operation.vector.Lanes.low;
import static dev.sojourn.cpu.operation.vector.Lanes.signedByte;
import static dev.sojourn.cpu.operation.vector.Lanes.unsignedByte;
import static dev.sojourn.cpu.operation.vector.Lanes.unsignedWord;
import static dev.sojourn.cpu.operation.vector.Lanes.word;

/** Packed integer products and sums of differences. */
public final class PackedMultiply {
    private PackedMultiply() {}

    public static long pmullw(long a, long b) {
        return Lanes.words(word(a, 0) * word(b, 0), word(a, 1) * word(b, 1),
                word(a, 2) * word(b, 2), word(a, 3) * word(b, 3));
    }

    public static long pmulhw(long a, long b) {
        return Lanes.words(word(a, 0) * word(b, 0) >> 16, word(a, 1) * word(b, 1) >> 16,
                word(a, 2) * word(b, 2) >> 16, word(a, 3) * word(b, 3) >> 16);
    }

    public static long pmulhuw(long a, long b) {
        return Lanes.words(unsignedWord(a, 0) * unsignedWord(b, 0) >>> 16,
                unsignedWord(a, 1) * unsignedWord(b, 1) >>> 16,
                unsignedWord(a, 2) * unsignedWord(b, 2) >>> 16,
                unsignedWord(a, 3) * unsignedWord(b, 3) >>> 16);
    }

    public static long pmulhrsw(long a, long b) {
        return Lanes.words(rounded(word(a, 0) * word(b, 0)), rounded(word(a, 1) * word(b, 1)),
                rounded(word(a, 2) * word(b, 2)), rounded(word(a, 3) * word(b, 3)));
    }

    public static long pmulld(long a, long b) { return Lanes.dwords(low(a) * low(b), high(a) * high(b)); }

    public static long pmuludq(long a, long b) { return (a & 0xffff_ffffL) * (b & 0xffff_ffffL); }

    public static long pmuldq(long a, long b) { return (long) low(a) * low(b); }

    public static long pmaddwd(long a, long b) {
        return Lanes.dwords(word(a, 0) * word(b, 0) + word(a, 1) * word(b, 1),
                word(a, 2) * word(b, 2) + word(a, 3) * word(b, 3));
    }

    /** Products of unsigned bytes of a with signed bytes of b, neighbours added. */
    public static long pmaddubsw(long a, long b) {
        return Lanes.words(unsignedBySigned(a, b, 0), unsignedBySigned(a, b, 2),
                unsignedBySigned(a, b, 4), unsignedBySigned(a, b, 6));
    }

    public static long psadbw(long a, long b) {
        int sum = 0;
        for (int lane = 0; lane < 8; lane++) sum += Math.abs(unsignedByte(a, lane) - unsignedByte(b, lane));
        return sum;
    }

    public static long mpsadbwLow(long aLow, long aHigh, long bLow, long bHigh, int selector) {
        return slidingDifferences(aLow, aHigh, bLow, bHigh, selector, 0);
    }

    public static long mpsadbwHigh(long aLow, long aHigh, long bLow, long bHigh, int selector) {
        return slidingDifferences(aLow, aHigh, bLow, bHigh, selector, 4);
    }

    /** The smallest unsigned word, and above it the index of its first lane; the high half of the result is zero. */
    public static long phminposuw(long low, long high) {
        int least = 0xffff;
        int index = 0;
        for (int lane = 7; lane >= 0; lane--) {
            int value = unsignedWord(lane < 4 ? low : high, lane & 3);
            if (value <= least) {
                least = value;
                index = lane;
            }
        }
        return least | (long) index << 16;
    }

    private static int rounded(int product) { return (product >> 14) + 1 >> 1; }

    private static int unsignedBySigned(long a, long b, int lane) {
        return Pack.signedWord(unsignedByte(a, lane) * signedByte(b, lane)
                + unsignedByte(a, lane + 1) * signedByte(b, lane + 1));
    }

    private static long slidingDifferences(long aLow, long aHigh, long bLow, long bHigh, int selector, int first) {
        int fixed = (int) (((selector & 2) == 0 ? bLow : bHigh) >>> ((selector & 1) << 5));
        int start = (selector & 4) + first;
        long sums = 0;
        for (int lane = 0; lane < 4; lane++) {
            int window = (int) Shuffle.bytesFrom(aLow, aHigh, start + lane);
            sums |= psadbw(window & 0xffff_ffffL, fixed & 0xffff_ffffL) << (lane << 4);
        }
        return sums;
    }
}
