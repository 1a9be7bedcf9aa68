package dev.sojourn.boot.compression;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.IOException;
import java.util.Arrays;

/**
 * Zstandard in one piece.
 *
 * <p>Kernels are packed with windows of up to 128 MiB, and the library refuses more than 8 MiB although it needs no
 * window when the whole output lies before it. A larger window is therefore declared as 8 MiB; the format allows a
 * match to reach back no further than the real window, and the library checks only that it stays in the output
 * (RFC 8878, 3.1.1.1.2).
 */
final class Zstandard {
    /** Windows up to this size are within what the library accepts. */
    private static final int WINDOW_8_MIB = (23 - 10) << 3;

    /** A false size shall not cost memory; no kernel packs nearly this well. */
    private static final int RATIO_MAX = 256;

    private Zstandard() {}

    static byte[] unpack(byte[] in, int from, int to, int size) throws IOException {
        int length = to - from;
        byte[] frame = in;
        int start = from;
        boolean hasWindow = length > 6 && (in[from + 4] & 0x20) == 0;
        if (hasWindow && (in[from + 5] & 0xff) > WINDOW_8_MIB) {
            frame = Arrays.copyOfRange(in, from, to);
            frame[5] = (byte) WINDOW_8_MIB;
            start = 0;
        }
        if (size > (long) length * RATIO_MAX) {
            throw new IOException("it is too short for " + size + " bytes");
        }
        byte[] out = new byte[size];
        try {
            int made = new ZstdDecompressor().decompress(frame, start, length, out, 0, size);
            if (made != size) {
                throw new IOException("it ends after " + made + " of " + size + " bytes");
            }
            return out;
        } catch (MalformedInputException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
