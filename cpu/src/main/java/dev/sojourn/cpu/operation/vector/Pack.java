package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Lanes.high;
import static dev.sojourn.cpu.operation.vector.Lanes.low;
import static dev.sojourn.cpu.operation.vector.Lanes.word;

/** Lanes made narrower with saturation, and wider with zeros or the sign. */
public final class Pack {
    private Pack() {}

    public static long packsswb(long x, long y) {
        long result = 0;
        for (int lane = 3; lane >= 0; lane--) {
            result |= (signedByte(word(x, lane)) & 0xffL) << (lane << 3)
                    | (signedByte(word(y, lane)) & 0xffL) << (lane + 4 << 3);
        }
        return result;
    }

    public static long packuswb(long x, long y) {
        long result = 0;
        for (int lane = 3; lane >= 0; lane--) {
            result |= (long) clamp(word(x, lane), 0, 255) << (lane << 3)
                    | (long) clamp(word(y, lane), 0, 255) << (lane + 4 << 3);
        }
        return result;
    }

    public static long packssdw(long x, long y) {
        return Lanes.words(signedWord(low(x)), signedWord(high(x)), signedWord(low(y)), signedWord(high(y)));
    }

    public static long packusdw(long x, long y) {
        return Lanes.words(clamp(low(x), 0, 0xffff), clamp(high(x), 0, 0xffff),
                clamp(low(y), 0, 0xffff), clamp(high(y), 0, 0xffff));
    }

    /** The low 4 bytes of x as words. For the high half of the result pass {@code low >>> 32}. */
    public static long pmovsxbw(long x) {
        return Lanes.words((byte) x, (byte) (x >>> 8), (byte) (x >>> 16), (byte) (x >>> 24));
    }

    /** The low 2 bytes of x as dwords. For the high half of the result pass {@code low >>> 16}. */
    public static long pmovsxbd(long x) { return Lanes.dwords((byte) x, (byte) (x >>> 8)); }

    /** The low byte of x as a qword. For the high half of the result pass {@code low >>> 8}. */
    public static long pmovsxbq(long x) { return (byte) x; }

    /** The low 2 words of x as dwords. For the high half of the result pass {@code low >>> 32}. */
    public static long pmovsxwd(long x) { return Lanes.dwords((short) x, (short) (x >>> 16)); }

    /** The low word of x as a qword. For the high half of the result pass {@code low >>> 16}. */
    public static long pmovsxwq(long x) { return (short) x; }

    /** The low dword of x as a qword. For the high half of the result pass {@code low >>> 32}. */
    public static long pmovsxdq(long x) { return (int) x; }

    public static long pmovzxbw(long x) { return Shuffle.punpcklbw(x, 0); }

    public static long pmovzxbd(long x) { return x & 0xff | (x & 0xff00) << 24; }

    public static long pmovzxbq(long x) { return x & 0xff; }

    public static long pmovzxwd(long x) { return x & 0xffff | (x & 0xffff_0000L) << 16; }

    public static long pmovzxwq(long x) { return x & 0xffff; }

    public static long pmovzxdq(long x) { return x & 0xffff_ffffL; }

    static int signedWord(int value) { return clamp(value, Short.MIN_VALUE, Short.MAX_VALUE); }

    private static int signedByte(int value) { return clamp(value, Byte.MIN_VALUE, Byte.MAX_VALUE); }

    private static int clamp(int value, int least, int most) { return Math.max(least, Math.min(most, value)); }
}
