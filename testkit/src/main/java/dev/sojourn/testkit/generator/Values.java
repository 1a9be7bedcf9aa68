package dev.sojourn.testkit.generator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values that make a difference, mixed with random ones. */
final class Values {
    private static final long[] INTEGERS = {0, 1, 2, 3, -1, -2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
        0x10000, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, -0x80,
        -0x8000, -0x8000_0000L, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL, 0x0102_0408_1020_4080L, 10, 16, 32,
        64, 99};

    private static final int[] SINGLES = {0, 0x8000_0000, 0x3f80_0000, 0xbf80_0000, 1, 0x8000_0001, 0x007f_ffff,
        0x0080_0000, 0x7f7f_ffff, 0xff7f_ffff, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xffc0_0000, 0x7f80_0001,
        0xffa0_0000, 0x3f00_0000, 0x4f00_0000, 0xcf00_0000, 0x5f00_0000, 0x3fc0_0000, 0x4020_0000, 0x3eaa_aaab,
        0x4efe_ffff, 0x3f80_0001, 0x7fff_ffff};

    private static final long[] DOUBLES = {0, Long.MIN_VALUE, 0x3ff0_0000_0000_0000L, 0xbff0_0000_0000_0000L, 1,
        0x8000_0000_0000_0001L, 0x000f_ffff_ffff_ffffL, 0x0010_0000_0000_0000L, 0x7fef_ffff_ffff_ffffL,
        0xffef_ffff_ffff_ffffL, 0x7ff0_0000_0000_0000L, 0xfff0_0000_0000_0000L, 0x7ff8_0000_0000_0000L,
        0xfff8_0000_0000_0000L, 0x7ff0_0000_0000_0001L, 0xfff4_0000_0000_0000L, 0x3fe0_0000_0000_0000L,
        0x41e0_0000_0000_0000L, 0xc1e0_0000_0000_0000L, 0x43e0_0000_0000_0000L, 0xc3e0_0000_0000_0000L,
        0x3ff8_0000_0000_0000L, 0x4004_0000_0000_0000L, 0x3fd5_5555_5555_5555L, 0x41df_ffff_ffc0_0000L,
        0x47ef_ffff_f000_0000L, 0x3690_0000_0000_0000L, 0x3810_0000_0000_0000L, 0x3ff0_0000_0000_0001L};

    private static final int[] EXPONENTS = {0, 1, 2, 0x3fff - 64, 0x3fff - 1, 0x3fff, 0x3fff + 1, 0x3fff + 2,
        0x3fff + 15, 0x3fff + 16, 0x3fff + 31, 0x3fff + 32, 0x3fff + 62, 0x3fff + 63, 0x3fff + 64, 0x3fff - 126,
        0x3fff - 127, 0x3fff + 127, 0x3fff + 128, 0x3fff - 1022, 0x3fff - 1023, 0x3fff + 1023, 0x3fff + 1024, 0x7ffd,
        0x7ffe, 0x7fff, 0x7fff};

    private static final long[] SIGNIFICANDS = {0, 0x8000_0000_0000_0000L, 0x8000_0000_0000_0000L,
        0xc000_0000_0000_0000L, 0xffff_ffff_ffff_ffffL, 0x8000_0000_0000_0001L, 0xa000_0000_0000_0000L,
        0x4000_0000_0000_0000L, 1, 0x7fff_ffff_ffff_ffffL, 0xffff_ff00_0000_0000L, 0xffff_ffff_ffff_f800L,
        0x8000_0080_0000_0000L, 0x8000_0000_0000_0400L, 0xfffe_0000_0000_0000L, 0xc90f_daa2_2168_c235L};

    private Values() {}

    static long integer(Chance chance) {
        return switch (chance.below(5)) {
            case 0, 1 -> chance.pick(INTEGERS);
            case 2 -> chance.pick(INTEGERS) + chance.between(-2, 2);
            case 3 -> chance.bits() >> chance.below(64);
            default -> chance.bits();
        };
    }

    static int single(Chance chance) {
        return switch (chance.below(6)) {
            case 0, 1 -> chance.pick(SINGLES);
            case 2 -> chance.pick(SINGLES) + chance.between(-2, 2);
            case 3 -> Float.floatToRawIntBits(chance.between(-1000, 1000) / 4f);
            case 4 -> (int) chance.bits() & 0x80ff_ffff | chance.between(0x78, 0x86) << 23;
            default -> (int) chance.bits();
        };
    }

    static long doubled(Chance chance) {
        return switch (chance.below(6)) {
            case 0, 1 -> chance.pick(DOUBLES);
            case 2 -> chance.pick(DOUBLES) + chance.between(-2, 2);
            case 3 -> Double.doubleToRawLongBits(chance.between(-1000, 1000) / 4.0);
            case 4 -> chance.bits() & 0x800f_ffff_ffff_ffffL | (long) chance.between(0x3f0, 0x430) << 52;
            default -> chance.bits();
        };
    }

    /** Sign and exponent of an 80-bit number; see {@link #significand} for what goes with it. */
    static int signAndExponent(Chance chance) {
        int exponent = switch (chance.below(4)) {
            case 0 -> chance.pick(EXPONENTS);
            case 1, 2 -> chance.between(0x3fff - 8, 0x3fff + 70);
            default -> chance.below(0x8000);
        };
        return exponent | chance.below(2) << 15;
    }

    /** Mostly normalized; now and then what only old processors made: unnormals and pseudo-infinities. */
    static long significand(Chance chance, int signAndExponent) {
        long value = chance.oneIn(2) ? chance.pick(SIGNIFICANDS) : chance.bits() << chance.pick(0, 0, 11, 40, 56);
        int exponent = signAndExponent & 0x7fff;
        if (chance.oneIn(16)) {
            return value;
        }
        return exponent == 0 ? value & Long.MAX_VALUE : value | Long.MIN_VALUE;
    }

    static void extended(Chance chance, byte[] to, int at) {
        int high = signAndExponent(chance);
        long significand = significand(chance, high);
        if (chance.oneIn(12)) {
            high &= 0x8000;
            significand = 0;
        }
        ByteBuffer buffer = ByteBuffer.wrap(to).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(at, significand).putShort(at + 8, (short) high);
    }

    static void decimal(Chance chance, byte[] to, int at) {
        for (int i = 0; i < 9; i++) {
            to[at + i] = (byte) (chance.below(10) << 4 | chance.below(10));
        }
        to[at + 9] = (byte) (chance.oneIn(2) ? 0x80 : 0);
    }

    /** A vector or memory operand of a kind: {@code s} singles, {@code d} doubles, anything else integers. */
    static void fill(Chance chance, char kind, byte[] to, int at, int bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(to).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = at; i < at + bytes; ) {
            int left = at + bytes - i;
            if (kind == 's' && left >= 4) {
                buffer.putInt(i, single(chance));
                i += 4;
            } else if (left >= 8) {
                buffer.putLong(i, kind == 'd' ? doubled(chance) : integers(chance));
                i += 8;
            } else {
                to[i++] = (byte) integer(chance);
            }
        }
    }

    /** Eight bytes of integers of one width. */
    private static long integers(Chance chance) {
        int width = chance.pick(8, 16, 32, 64, 64);
        long value = 0;
        for (int shift = 0; shift < 64; shift += width) {
            value |= (integer(chance) & -1L >>> 64 - width) << shift;
        }
        return value;
    }
}
