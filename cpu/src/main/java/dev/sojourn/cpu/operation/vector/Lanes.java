package dev.sojourn.cpu.operation.vector;

/**
 * Arithmetic on all lanes of a 64-bit half at once.
 *
 * <p>A lane width is named by the constant that holds the highest bit of each lane. A carry never leaves its lane
 * because the highest bits are added apart from the rest.
 */
final class Lanes {
    static final long BYTES = 0x8080_8080_8080_8080L;
    static final long WORDS = 0x8000_8000_8000_8000L;
    static final long DWORDS = 0x8000_0000_8000_0000L;

    private Lanes() {}

    static long add(long a, long b, long high) { return ((a & ~high) + (b & ~high)) ^ ((a ^ b) & high); }

    static long subtract(long a, long b, long high) { return ((a | high) - (b & ~high)) ^ ((a ^ ~b) & high); }

    /** All ones in each lane whose highest bit is set in {@code bits}. */
    static long fill(long bits, long high) {
        long set = bits & high;
        return (set << 1) - (set >>> shift(high));
    }

    /** All ones in each lane where a is below b as unsigned numbers. */
    static long below(long a, long b, long high) {
        long difference = subtract(a, b, high);
        return fill((~a & b) | ((~a | b) & difference), high);
    }

    /** All ones in each lane where a is less than b as signed numbers. */
    static long less(long a, long b, long high) { return below(a ^ high, b ^ high, high); }

    /** All ones in each lane that is not zero. */
    static long nonZero(long a, long high) { return fill(((a & ~high) + ~high) | a, high); }

    static long choose(long mask, long ifOnes, long ifZeros) { return (mask & ifOnes) | (~mask & ifZeros); }

    /** The most positive number of each lane, or the most negative where a is negative. */
    static long limit(long a, long high) { return ~high + ((a & high) >>> shift(high)); }

    private static int shift(long high) { return 63 - Long.numberOfLeadingZeros(high & -high); }

    static int word(long a, int lane) { return (short) (a >>> (lane << 4)); }

    static int unsignedWord(long a, int lane) { return (int) (a >>> (lane << 4)) & 0xffff; }

    static int unsignedByte(long a, int lane) { return (int) (a >>> (lane << 3)) & 0xff; }

    static int signedByte(long a, int lane) { return (byte) (a >>> (lane << 3)); }

    static int low(long a) { return (int) a; }

    static int high(long a) { return (int) (a >>> 32); }

    static long dwords(int low, int high) { return low & 0xffff_ffffL | (long) high << 32; }

    static long words(int w0, int w1, int w2, int w3) {
        return w0 & 0xffffL | (w1 & 0xffffL) << 16 | (w2 & 0xffffL) << 32 | (long) w3 << 48;
    }
}
