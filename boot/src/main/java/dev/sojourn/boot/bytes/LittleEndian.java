package dev.sojourn.boot.bytes;

/** Numbers in byte arrays, least significant byte first; the caller has checked the range. */
public final class LittleEndian {
    private LittleEndian() {}

    public static int u8(byte[] bytes, int at) { return bytes[at] & 0xff; }

    public static int u16(byte[] bytes, int at) { return u8(bytes, at) | u8(bytes, at + 1) << 8; }

    public static int u32(byte[] bytes, int at) { return u16(bytes, at) | u16(bytes, at + 2) << 16; }

    public static long u64(byte[] bytes, int at) {
        return u32(bytes, at) & 0xffff_ffffL | (long) u32(bytes, at + 4) << 32;
    }

    public static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >>> 8);
    }

    public static void put32(byte[] bytes, int at, int value) {
        put16(bytes, at, value);
        put16(bytes, at + 2, value >>> 16);
    }

    public static void put64(byte[] bytes, int at, long value) {
        put32(bytes, at, (int) value);
        put32(bytes, at + 4, (int) (value >>> 32));
    }
}
