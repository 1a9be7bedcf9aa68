package dev.sojourn.cpu.operation.vector;

/** The crc32 instruction: the Castagnoli polynomial, lowest bit first, without the inversions of file formats. */
public final class Crc32 {
    /** 0x11EDC6F41 with its bits reversed. */
    private static final int POLYNOMIAL = 0x82f6_3b78;

    private static final int[] BYTE = bytes();

    private Crc32() {}

    public static int crc32(int crc, byte value) { return BYTE[(crc ^ value) & 0xff] ^ crc >>> 8; }

    public static int crc32(int crc, short value) { return crc32(crc32(crc, (byte) value), (byte) (value >> 8)); }

    public static int crc32(int crc, int value) {
        int mixed = crc ^ value;
        for (int i = 0; i < 4; i++) mixed = BYTE[mixed & 0xff] ^ mixed >>> 8;
        return mixed;
    }

    public static int crc32(int crc, long value) { return crc32(crc32(crc, (int) value), (int) (value >>> 32)); }

    private static int[] bytes() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (POLYNOMIAL & -(crc & 1));
            table[i] = crc;
        }
        return table;
    }
}
