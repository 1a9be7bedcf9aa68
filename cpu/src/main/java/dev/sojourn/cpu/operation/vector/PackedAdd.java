package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Lanes.BYTES;
import static dev.sojourn.cpu.operation.vector.Lanes.DWORDS;
import static dev.sojourn.cpu.operation.vector.Lanes.WORDS;
import static dev.sojourn.cpu.operation.vector.Lanes.high;
import static dev.sojourn.cpu.operation.vector.Lanes.low;
import static dev.sojourn.cpu.operation.vector.Lanes.word;

/** Packed integer sums, differences, averages and signs; see SDM volume 1, sections 9.4 and 12.6. */
public final class PackedAdd {
    private PackedAdd() {}

    public static long paddb(long a, long b) { return Lanes.add(a, b, BYTES); }

    public static long paddw(long a, long b) { return Lanes.add(a, b, WORDS); }

    public static long paddd(long a, long b) { return Lanes.add(a, b, DWORDS); }

    public static long paddq(long a, long b) { return a + b; }

    public static long psubb(long a, long b) { return Lanes.subtract(a, b, BYTES); }

    public static long psubw(long a, long b) { return Lanes.subtract(a, b, WORDS); }

    public static long psubd(long a, long b) { return Lanes.subtract(a, b, DWORDS); }

    public static long psubq(long a, long b) { return a - b; }

    public static long paddsb(long a, long b) { return addSigned(a, b, BYTES); }

    public static long paddsw(long a, long b) { return addSigned(a, b, WORDS); }

    public static long paddusb(long a, long b) { return addUnsigned(a, b, BYTES); }

    public static long paddusw(long a, long b) { return addUnsigned(a, b, WORDS); }

    public static long psubsb(long a, long b) { return subtractSigned(a, b, BYTES); }

    public static long psubsw(long a, long b) { return subtractSigned(a, b, WORDS); }

    public static long psubusb(long a, long b) { return subtractUnsigned(a, b, BYTES); }

    public static long psubusw(long a, long b) { return subtractUnsigned(a, b, WORDS); }

    public static long pavgb(long a, long b) { return (a | b) - (((a ^ b) & 0xfefe_fefe_fefe_fefeL) >>> 1); }

    public static long pavgw(long a, long b) { return (a | b) - (((a ^ b) & 0xfffe_fffe_fffe_fffeL) >>> 1); }

    public static long pabsb(long a) { return negateWhere(Lanes.fill(a, BYTES), a, BYTES); }

    public static long pabsw(long a) { return negateWhere(Lanes.fill(a, WORDS), a, WORDS); }

    public static long pabsd(long a) { return negateWhere(Lanes.fill(a, DWORDS), a, DWORDS); }

    public static long psignb(long a, long b) { return sign(a, b, BYTES); }

    public static long psignw(long a, long b) { return sign(a, b, WORDS); }

    public static long psignd(long a, long b) { return sign(a, b, DWORDS); }

    /** Sums of neighbours: those of x in the low dword, those of y in the high one. */
    public static long phaddw(long x, long y) {
        return Lanes.words(word(x, 0) + word(x, 1), word(x, 2) + word(x, 3),
                word(y, 0) + word(y, 1), word(y, 2) + word(y, 3));
    }

    public static long phaddd(long x, long y) { return Lanes.dwords(low(x) + high(x), low(y) + high(y)); }

    public static long phaddsw(long x, long y) {
        return Lanes.words(Pack.signedWord(word(x, 0) + word(x, 1)), Pack.signedWord(word(x, 2) + word(x, 3)),
                Pack.signedWord(word(y, 0) + word(y, 1)), Pack.signedWord(word(y, 2) + word(y, 3)));
    }

    public static long phsubw(long x, long y) {
        return Lanes.words(word(x, 0) - word(x, 1), word(x, 2) - word(x, 3),
                word(y, 0) - word(y, 1), word(y, 2) - word(y, 3));
    }

    public static long phsubd(long x, long y) { return Lanes.dwords(low(x) - high(x), low(y) - high(y)); }

    public static long phsubsw(long x, long y) {
        return Lanes.words(Pack.signedWord(word(x, 0) - word(x, 1)), Pack.signedWord(word(x, 2) - word(x, 3)),
                Pack.signedWord(word(y, 0) - word(y, 1)), Pack.signedWord(word(y, 2) - word(y, 3)));
    }

    private static long addSigned(long a, long b, long high) {
        long sum = Lanes.add(a, b, high);
        return Lanes.choose(Lanes.fill((a ^ sum) & (b ^ sum), high), Lanes.limit(a, high), sum);
    }

    private static long subtractSigned(long a, long b, long high) {
        long difference = Lanes.subtract(a, b, high);
        return Lanes.choose(Lanes.fill((a ^ b) & (a ^ difference), high), Lanes.limit(a, high), difference);
    }

    private static long addUnsigned(long a, long b, long high) {
        long sum = Lanes.add(a, b, high);
        return sum | Lanes.fill((a & b) | ((a | b) & ~sum), high);
    }

    private static long subtractUnsigned(long a, long b, long high) {
        return Lanes.subtract(a, b, high) & ~Lanes.below(a, b, high);
    }

    private static long negateWhere(long mask, long a, long high) { return Lanes.subtract(a ^ mask, mask, high); }

    private static long sign(long a, long b, long high) {
        return negateWhere(Lanes.fill(b, high), a, high) & Lanes.nonZero(b, high);
    }
}
