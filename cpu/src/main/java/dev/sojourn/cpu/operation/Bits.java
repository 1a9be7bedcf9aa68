package dev.sojourn.cpu.operation;

/** Bit and byte instructions (SDM volume 1, 7.3.7). */
public final class Bits {
    private Bits() {}

    /** The tested bit becomes CF; the other flags stay. {@code bit} is below the operand's width. */
    public static void test(Flags flags, long a, int bit) { flags.carry((a >>> bit & 1) != 0); }

    /** The lowest set bit; for zero, ZF and {@code before}. */
    public static long forward(Flags flags, int shift, long a, long before) {
        long unsigned = a << shift >>> shift;
        flags.afterLogic(unsigned == 0 ? 0 : 1);
        return unsigned == 0 ? before : Long.numberOfTrailingZeros(unsigned);
    }

    /** The highest set bit; for zero, ZF and {@code before}. */
    public static long reverse(Flags flags, int shift, long a, long before) {
        long unsigned = a << shift >>> shift;
        flags.afterLogic(unsigned == 0 ? 0 : 1);
        return unsigned == 0 ? before : 63 - Long.numberOfLeadingZeros(unsigned);
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

    /** CRC-32C of the low {@code bytes} of {@code data} (polynomial 0x11EDC6F41), reflected. */
    public static long crc32(long crc, long data, int bytes) {
        int value = (int) crc;
        for (int i = 0; i < bytes; i++) {
            value ^= (int) (data >>> 8 * i) & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                value = value >>> 1 ^ (0x82f6_3b78 & -(value & 1));
            }
        }
        return value & 0xffff_ffffL;
    }
}
