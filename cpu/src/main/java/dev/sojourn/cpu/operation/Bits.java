package dev.sojourn.cpu.operation;

/** Bit and byte instructions (SDM volume 1, 7.3.7). */
public final class Bits {
    private Bits() {}

    /** The tested bit becomes CF; the other flags stay. {@code bit} is below the operand's width. */
    public static void test(Flags flags, long a, int bit) { flags.carry((a >>> bit & 1) != 0); }

    /** The lowest set bit of what is not zero. */
    public static long forward(Flags flags, long a) {
        flags.afterLogic(1);
        return Long.numberOfTrailingZeros(a);
    }

    /** The highest set bit of what is not zero. */
    public static long reverse(Flags flags, int shift, long a) {
        flags.afterLogic(1);
        return 63 - Long.numberOfLeadingZeros(a << shift >>> shift);
    }

    /** ZF for zero, all other flags clear. */
    public static long popcnt(Flags flags, int shift, long a) {
        long count = Long.bitCount(a << shift >>> shift);
        flags.set(count == 0 ? Flags.ZF : 0);
        return count;
    }

    /** For 16 bits undefined; Intel's processors give zero. */
    public static long bswap(int shift, long a) {
        return switch (shift) {
            case 0 -> Long.reverseBytes(a);
            case 32 -> Integer.reverseBytes((int) a);
            default -> 0;
        };
    }
}
