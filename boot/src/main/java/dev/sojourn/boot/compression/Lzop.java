package dev.sojourn.boot.compression;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lzo.LzoDecompressor;
import java.io.IOException;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/**
 * The file format of lzop, big-endian throughout.
 *
 * <pre>
 * 9 magic   u16 version   u16 library version   u16 version needed (*)   u8 method   u8 level (*)
 * u32 flags   u32 filter (flag 0x800)   u32 mode   u32 time   u32 time, high half (*)   u8 n   n name   u32 checksum
 * blocks: u32 unpacked   u32 packed   checksums of unpacked (flags 1, 0x100), of packed (flags 2, 0x200) if smaller,
 *         data
 * u32 0
 * </pre>
 *
 * <p>(*) from version 0x940. A block that did not shrink is stored as it is.
 */
final class Lzop {
    private static final int MAGIC_BYTES = 9;
    private static final int VERSION_WITH_LEVEL = 0x940;
    private static final int METHOD_LAST = 3;
    private static final int FLAG_ADLER_UNPACKED = 1;
    private static final int FLAG_ADLER_PACKED = 2;
    private static final int FLAG_CRC_UNPACKED = 0x100;
    private static final int FLAG_CRC_PACKED = 0x200;
    private static final int FLAG_FILTER = 0x800;

    /** No LZO input byte stands for more output than this. */
    private static final int RATIO_MAX = 256;

    private final byte[] in;
    private final int to;
    private final byte[] out;
    private int at;
    private int made;

    private Lzop(byte[] in, int from, int to, byte[] out) {
        this.in = in;
        this.to = to;
        this.out = out;
        at = from;
    }

    static byte[] unpack(byte[] in, int from, int to, int size) throws IOException {
        if (size > (long) (to - from) * RATIO_MAX) {
            throw new IOException("it is too short for " + size + " bytes");
        }
        Lzop file = new Lzop(in, from, to, new byte[size]);
        file.blocks(file.header());
        return file.out;
    }

    private int header() throws IOException {
        skip(MAGIC_BYTES);
        boolean hasLevel = number(2) >= VERSION_WITH_LEVEL;
        skip(hasLevel ? 4 : 2);
        int method = number(1);
        if (method < 1 || method > METHOD_LAST) {
            throw new IOException("its method " + method + " is unknown");
        }
        skip(hasLevel ? 1 : 0);
        int flags = number(4);
        skip((flags & FLAG_FILTER) != 0 ? 4 : 0);
        skip(hasLevel ? 12 : 8);
        skip(number(1));
        skip(4);
        return flags;
    }

    private void blocks(int flags) throws IOException {
        LzoDecompressor decompressor = new LzoDecompressor();
        for (int unpacked = number(4); unpacked != 0; unpacked = number(4)) {
            int packed = number(4);
            if (unpacked < 0 || unpacked > out.length - made || packed <= 0 || packed > unpacked) {
                throw new IOException("a block has a false size");
            }
            boolean stored = packed == unpacked;
            int adler = (flags & FLAG_ADLER_UNPACKED) != 0 ? number(4) : 0;
            int crc = (flags & FLAG_CRC_UNPACKED) != 0 ? number(4) : 0;
            skip(!stored && (flags & FLAG_ADLER_PACKED) != 0 ? 4 : 0);
            skip(!stored && (flags & FLAG_CRC_PACKED) != 0 ? 4 : 0);
            int data = at;
            skip(packed);
            if (stored) {
                System.arraycopy(in, data, out, made, packed);
            } else {
                block(decompressor, data, packed, unpacked);
            }
            if ((flags & FLAG_ADLER_UNPACKED) != 0 && sum(new Adler32(), unpacked) != adler
                    || (flags & FLAG_CRC_UNPACKED) != 0 && sum(new CRC32(), unpacked) != crc) {
                throw new IOException("a block has a false checksum");
            }
            made += unpacked;
        }
        if (made != out.length) {
            throw new IOException("it ends after " + made + " of " + out.length + " bytes");
        }
    }

    private void block(LzoDecompressor decompressor, int data, int packed, int unpacked) throws IOException {
        try {
            if (decompressor.decompress(in, data, packed, out, made, unpacked) != unpacked) {
                throw new IOException("a block is damaged");
            }
        } catch (MalformedInputException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private int sum(Checksum checksum, int bytes) {
        checksum.update(out, made, bytes);
        return (int) checksum.getValue();
    }

    private int number(int bytes) throws IOException {
        skip(bytes);
        int value = 0;
        for (int i = at - bytes; i < at; i++) {
            value = value << 8 | in[i] & 0xff;
        }
        return value;
    }

    private void skip(int bytes) throws IOException {
        if (bytes > to - at) {
            throw new IOException("it is cut off");
        }
        at += bytes;
    }
}
