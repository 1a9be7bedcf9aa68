package dev.sojourn.boot.compression;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.SingleXZInputStream;
import org.tukaani.xz.XZInputStream;

/** A compression that Linux kernels are packed with, known by the first bytes it writes. */
public enum Compression {
    GZIP("gzip", 0x1f, 0x8b),
    BZIP2("bzip2", 'B', 'Z', 'h'),
    LZMA("LZMA", 0x5d, 0, 0),
    XZ("XZ", 0xfd, '7', 'z', 'X', 'Z', 0),
    LZO("LZO", 0x89, 'L', 'Z'),
    LZ4("LZ4", 0x02, 0x21, 0x4c, 0x18),
    ZSTD("Zstandard", 0x28, 0xb5, 0x2f, 0xfd);

    /** Working memory granted to LZMA and XZ: four times the largest dictionary a kernel is packed with. */
    private static final int DICTIONARY_KIB_MAX = 256 << 10;

    /** The output buffer starts no larger than this many times the input, so that a false size costs little. */
    private static final int FIRST_GUESS_RATIO = 16;

    private static final int FIRST_GUESS_BYTES = 1 << 20;

    /** Windows up to this size are within what the library accepts; see {@link #zstd}. */
    private static final int ZSTD_WINDOW_8_MIB = (23 - 10) << 3;

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
        try {
            return switch (this) {
                case LZ4 -> Lz4Legacy.unpack(in, from, to, size);
                case LZO -> Lzop.unpack(in, from, to, size);
                case ZSTD -> zstd(in, from, to, size);
                case GZIP, BZIP2, LZMA, XZ ->
                    drain(open(new ByteArrayInputStream(in, from, to - from)), to - from, size);
            };
        } catch (MalformedInputException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Unpacks a stream as it is read. @throws IOException at once if this compression is not used for streams */
    public InputStream open(InputStream in) throws IOException {
        return switch (this) {
            case GZIP -> new GZIPInputStream(in, 1 << 16);
            case BZIP2 -> new BZip2CompressorInputStream(in);
            case LZMA -> new LZMAInputStream(in, DICTIONARY_KIB_MAX);
            case XZ -> new SingleXZInputStream(in, DICTIONARY_KIB_MAX);
            case ZSTD -> new ZstdInputStream(in);
            case LZO, LZ4 -> throw new IOException(display + " is not read as a stream");
        };
    }

    /** As {@link #open}, for files: several streams one behind the other are one. */
    public InputStream openAll(InputStream in) throws IOException {
        return switch (this) {
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            case XZ -> new XZInputStream(in, DICTIONARY_KIB_MAX);
            case GZIP, LZMA, ZSTD, LZO, LZ4 -> open(in);
        };
    }

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

    private static byte[] drain(InputStream stream, int packed, int size) throws IOException {
        try (stream) {
            byte[] out = new byte[(int) Math.min(size, FIRST_GUESS_BYTES + (long) packed * FIRST_GUESS_RATIO)];
            int have = 0;
            while (true) {
                have += stream.readNBytes(out, have, out.length - have);
                if (have < out.length) {
                    throw new IOException("it ends after " + have + " of " + size + " bytes");
                }
                if (have == size) {
                    break;
                }
                out = Arrays.copyOf(out, (int) Math.min(size, 2L * have));
            }
            if (stream.read() >= 0) {
                throw new IOException("it goes on after " + size + " bytes");
            }
            return out;
        }
    }

    /**
     * Zstandard in one piece.
     *
     * <p>Kernels are packed with windows of up to 128 MiB, and the library refuses more than 8 MiB although it needs no
     * window when the whole output lies before it. A larger window is therefore declared as 8 MiB; the format allows a
     * match to reach back no further than the real window, and the library checks only that it stays in the output
     * (RFC 8878, 3.1.1.1.2).
     */
    private static byte[] zstd(byte[] in, int from, int to, int size) throws IOException {
        int length = to - from;
        byte[] frame = in;
        int start = from;
        boolean hasWindow = length > 6 && (in[from + 4] & 0x20) == 0;
        if (hasWindow && (in[from + 5] & 0xff) > ZSTD_WINDOW_8_MIB) {
            frame = Arrays.copyOfRange(in, from, to);
            frame[5] = (byte) ZSTD_WINDOW_8_MIB;
            start = 0;
        }
        byte[] out = new byte[size];
        int made = new ZstdDecompressor().decompress(frame, start, length, out, 0, size);
        if (made != size) {
            throw new IOException("it ends after " + made + " of " + size + " bytes");
        }
        return out;
    }
}
