package dev.sojourn.boot.compression;

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

/** Unpacking by the streams of libraries; a class of its own, so that who needs none of them loads none of them. */
final class Streams {
    /** Working memory granted to LZMA and XZ: four times the largest dictionary a kernel is packed with. */
    private static final int DICTIONARY_KIB_MAX = 256 << 10;

    /** The output buffer starts no larger than this many times the input, so that a false size costs little. */
    private static final int FIRST_GUESS_RATIO = 16;

    private static final int FIRST_GUESS_BYTES = 1 << 20;

    private Streams() {}

    /** Unpacks a range that holds exactly one stream. */
    static byte[] unpack(Compression compression, byte[] in, int from, int to, int size) throws IOException {
        return drain(openOne(compression, new ByteArrayInputStream(in, from, to - from)), to - from, size);
    }

    /** Unpacks what is there to its end. */
    static InputStream openAll(Compression compression, InputStream in) throws IOException {
        return switch (compression) {
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            case XZ -> new XZInputStream(in, DICTIONARY_KIB_MAX);
            case GZIP, LZMA, ZSTD, LZO, LZ4 -> openOne(compression, in);
        };
    }

    private static InputStream openOne(Compression compression, InputStream in) throws IOException {
        return switch (compression) {
            case GZIP -> new GZIPInputStream(in, 1 << 16);
            case BZIP2 -> new BZip2CompressorInputStream(in);
            case LZMA -> new LZMAInputStream(in, DICTIONARY_KIB_MAX);
            case XZ -> new SingleXZInputStream(in, DICTIONARY_KIB_MAX);
            case ZSTD -> new ZstdInputStream(in);
            case LZO, LZ4 -> throw new IOException(compression.display() + " is not read as a stream");
        };
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
}
