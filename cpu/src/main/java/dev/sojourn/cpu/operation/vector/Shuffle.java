package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Lanes.high;
import static dev.sojourn.cpu.operation.vector.Lanes.low;
import static dev.sojourn.cpu.operation.vector.Lanes.unsignedWord;

/**
 * Lanes moved to other places: shuffles, unpacks, alignment, and single lanes put in, taken out or gathered to a
 * mask.
 */
public final class Shuffle {
    private Shuffle() {}

    /** Four words of one half picked by the order; also what pshuflw does to the low half and pshufhw to the high. */
    public static long pshufw(long a, int order) {
        return Lanes.words(unsignedWord(a, order & 3), unsignedWord(a, order >> 2 & 3),
                unsignedWord(a, order >> 4 & 3), unsignedWord(a, order >> 6 & 3));
    }

    public static long pshufdLow(long low, long high, int order) {
        return Lanes.dwords(dword(low, high, order), dword(low, high, order >> 2));
    }

    public static long pshufdHigh(long low, long high, int order) {
        return Lanes.dwords(dword(low, high, order >> 4), dword(low, high, order >> 6));
    }

    /** The low half of shufps picks from the destination. */
    public static long shufpsLow(long aLow, long aHigh, int order) { return pshufdLow(aLow, aHigh, order); }

    /** The high half of shufps picks from the source. */
    public static long shufpsHigh(long bLow, long bHigh, int order) { return pshufdHigh(bLow, bHigh, order); }

    public static long shufpdLow(long aLow, long aHigh, int order) { return (order & 1) == 0 ? aLow : aHigh; }

    public static long shufpdHigh(long bLow, long bHigh, int order) { return (order & 2) == 0 ? bLow : bHigh; }

    /** pshufb of MMX registers. */
    public static long pshufb(long a, long control) {
        long result = 0;
        for (int at = 0; at < 64; at += 8) {
            int pick = (int) (control >>> at);
            if ((pick & 0x80) == 0) result |= (a >>> ((pick & 7) << 3) & 0xff) << at;
        }
        return result;
    }

    /** One half of pshufb of XMM registers: the control's half that lies in the same place. */
    public static long pshufb(long low, long high, long control) {
        long result = 0;
        for (int at = 0; at < 64; at += 8) {
            int pick = (int) (control >>> at);
            if ((pick & 0x80) == 0) result |= (((pick & 8) == 0 ? low : high) >>> ((pick & 7) << 3) & 0xff) << at;
        }
        return result;
    }

    /** palignr of MMX registers. */
    public static long palignr(long a, long b, int bytes) { return bytesFrom(b, a, bytes); }

    public static long palignrLow(long aLow, long aHigh, long bLow, long bHigh, int bytes) {
        return bytes < 8 ? bytesFrom(bLow, bHigh, bytes)
                : bytes < 16 ? bytesFrom(bHigh, aLow, bytes - 8) : bytesFrom(aLow, aHigh, bytes - 16);
    }

    public static long palignrHigh(long aLow, long aHigh, long bHigh, int bytes) {
        return bytes < 8 ? bytesFrom(bHigh, aLow, bytes)
                : bytes < 16 ? bytesFrom(aLow, aHigh, bytes - 8) : bytesFrom(aHigh, 0, bytes - 16);
    }

    /** The 8 bytes of high:low that begin at a byte; zeros follow. */
    static long bytesFrom(long low, long high, int first) {
        int shift = first << 3;
        return first == 0 ? low : first < 8 ? low >>> shift | high << (64 - shift)
                : first < 16 ? high >>> (shift - 64) : 0;
    }

    /**
     * Interleaves the low dwords. The low half of the XMM form; its high half is {@link #punpckhbw} of the low
     * halves.
     */
    public static long punpcklbw(long a, long b) { return spreadBytes(a) | spreadBytes(b) << 8; }

    /** Interleaves the high dwords. For the XMM form give it, or {@link #punpcklbw}, the high halves. */
    public static long punpckhbw(long a, long b) { return punpcklbw(a >>> 32, b >>> 32); }

    public static long punpcklwd(long a, long b) { return spreadWords(a) | spreadWords(b) << 16; }

    public static long punpckhwd(long a, long b) { return punpcklwd(a >>> 32, b >>> 32); }

    /** Also unpcklps and, of one register with itself, movsldup. */
    public static long punpckldq(long a, long b) { return a & 0xffff_ffffL | b << 32; }

    /** Also unpckhps and, of one register with itself, movshdup. */
    public static long punpckhdq(long a, long b) { return a >>> 32 | b & 0xffff_ffff_0000_0000L; }

    public static int pextrb(long low, long high, int lane) {
        return (int) (((lane & 8) == 0 ? low : high) >>> ((lane & 7) << 3)) & 0xff;
    }

    /** One word of an MMX register. */
    public static int pextrw(long a, int lane) { return unsignedWord(a, lane & 3); }

    public static int pextrw(long low, long high, int lane) {
        return unsignedWord((lane & 4) == 0 ? low : high, lane & 3);
    }

    /** Also extractps. */
    public static int pextrd(long low, long high, int lane) { return dword(low, high, lane); }

    public static long pextrq(long low, long high, int lane) { return (lane & 1) == 0 ? low : high; }

    public static long pinsrbLow(long low, int value, int lane) {
        return (lane & 8) == 0 ? putByte(low, value, lane) : low;
    }

    public static long pinsrbHigh(long high, int value, int lane) {
        return (lane & 8) != 0 ? putByte(high, value, lane) : high;
    }

    /** One word put into an MMX register. */
    public static long pinsrw(long a, int value, int lane) {
        int at = (lane & 3) << 4;
        return a & ~(0xffffL << at) | (value & 0xffffL) << at;
    }

    public static long pinsrwLow(long low, int value, int lane) {
        return (lane & 4) == 0 ? pinsrw(low, value, lane) : low;
    }

    public static long pinsrwHigh(long high, int value, int lane) {
        return (lane & 4) != 0 ? pinsrw(high, value, lane) : high;
    }

    public static long pinsrdLow(long low, int value, int lane) {
        return (lane & 2) == 0 ? putDword(low, value, lane) : low;
    }

    public static long pinsrdHigh(long high, int value, int lane) {
        return (lane & 2) != 0 ? putDword(high, value, lane) : high;
    }

    public static long pinsrqLow(long low, long value, int lane) { return (lane & 1) == 0 ? value : low; }

    public static long pinsrqHigh(long high, long value, int lane) { return (lane & 1) != 0 ? value : high; }

    /** @param value the source dword: of a register the one that bits 7 and 6 of the control pick ({@link #pextrd}) */
    public static long insertpsLow(long low, int value, int control) {
        return pinsrdLow(low, value, control >> 4) & keptDwords(control);
    }

    public static long insertpsHigh(long high, int value, int control) {
        return pinsrdHigh(high, value, control >> 4) & keptDwords(control >> 2);
    }

    /** The sign of each byte of one half; an XMM register has those of the high half from bit 8. */
    public static int pmovmskb(long a) {
        return (int) ((a >>> 7 & 0x0101_0101_0101_0101L) * 0x0102_0408_1020_4080L >>> 56);
    }

    public static int movmskps(long low, long high) {
        return (int) (low >>> 31 & 1 | low >>> 62 & 2 | high >>> 29 & 4 | high >>> 60 & 8);
    }

    public static int movmskpd(long low, long high) { return (int) (low >>> 63 | high >>> 62 & 2); }

    /** Words of b where the control has a one; for the high half pass {@code control >> 4}. */
    public static long pblendw(long a, long b, int control) {
        long picked = (control & 1 | (control & 2) << 15 | (control & 4L) << 30 | (control & 8L) << 45) * 0xffff;
        return Lanes.choose(picked, b, a);
    }

    /** Dwords of b where the control has a one; for the high half pass {@code control >> 2}. */
    public static long blendps(long a, long b, int control) { return Lanes.choose(~keptDwords(control), b, a); }

    /** The half of b if the control's lowest bit is one; for the high half pass {@code control >> 1}. */
    public static long blendpd(long a, long b, int control) { return (control & 1) != 0 ? b : a; }

    public static long pblendvb(long a, long b, long mask) { return Lanes.choose(Lanes.fill(mask, Lanes.BYTES), b, a); }

    public static long blendvps(long a, long b, long mask) {
        return Lanes.choose(Lanes.fill(mask, Lanes.DWORDS), b, a);
    }

    public static long blendvpd(long a, long b, long mask) { return mask < 0 ? b : a; }

    private static int dword(long low, long high, int lane) {
        long half = (lane & 2) == 0 ? low : high;
        return (lane & 1) == 0 ? low(half) : high(half);
    }

    private static long putByte(long a, int value, int lane) {
        int at = (lane & 7) << 3;
        return a & ~(0xffL << at) | (value & 0xffL) << at;
    }

    private static long putDword(long a, int value, int lane) {
        return (lane & 1) == 0 ? Lanes.dwords(value, high(a)) : Lanes.dwords(low(a), value);
    }

    private static long keptDwords(int zeroed) {
        return ((zeroed & 1) == 0 ? 0xffff_ffffL : 0) | ((zeroed & 2) == 0 ? 0xffff_ffff_0000_0000L : 0);
    }

    private static long spreadBytes(long a) {
        long words = spreadWords(a);
        return (words | words << 8) & 0x00ff_00ff_00ff_00ffL;
    }

    private static long spreadWords(long a) {
        long dword = a & 0xffff_ffffL;
        return (dword | dword << 16) & 0x0000_ffff_0000_ffffL;
    }
}
