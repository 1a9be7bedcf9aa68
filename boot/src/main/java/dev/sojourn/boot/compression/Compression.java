package dev.sojourn.boot.compression;

import java.io.IOException;
import java.io.InputStream;

/** A compression that Linux kernels are packed with, known by the first bytes it writes. */
public enum Compression {
    GZIP("gzip", 0x1f, 0x8b),
    BZIP2("bzip2", 'B', 'Z', 'h'),
    LZMA("LZMA", 0x5d, 0, 0),
    XZ("XZ", 0xfd, '7', 'z', 'X', 'Z', 0),
    LZO("LZO", 0x89, 'L', 'Z'),
    LZ4("LZ4", 0x02, 0x21, 0x4c, 0x18),
    ZSTD("Zstandard", 0x28, 0xb5, 0x2f, 0xfd);

    private final String display;
    private final int[] magic;

    Compression(String display, int... magic) {
        this.display = display;
        this.magic = magic;
    }

    /** The name a person knows it by. */
    public String display() { return display; }

    /** The compression that bytes begin with, or null where they begin with none. */
    public static Compression of(byte[] bytes, int from, int to) {
        for (Compression candidate : values()) {
            if (candidate.begins(bytes, from, to)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * Unpacks a range that holds exactly one compressed stream of a known unpacked size.
     *
     * @throws IOException if the range is anything else
     */
    public byte[] unpack(byte[] in, int from, int to, int size) throws IOException {
        return switch (this) {
            case LZ4 -> Lz4Legacy.unpack(in, from, to, size);
            case LZO -> Lzop.unpack(in, from, to, size);
            case ZSTD -> Zstandard.unpack(in, from, to, size);
            case GZIP, BZIP2, LZMA, XZ -> Streams.unpack(this, in, from, to, size);
        };
    }

    /**
     * Unpacks a file as it is read, several streams one behind the other as one.
     *
     * @throws IOException at once if this compression is not used for archives
     */
    public InputStream open(InputStream in) throws IOException { return Streams.openAll(this, in); }

    private boolean begins(byte[] bytes, int from, int to) {
        if (to - from < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[from + i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
