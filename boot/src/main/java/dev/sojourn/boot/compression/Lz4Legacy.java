package dev.sojourn.boot.compression;

import dev.sojourn.boot.bytes.LittleEndian;
import java.io.IOException;
import java.util.Arrays;

/**
 * The legacy frame of LZ4, in which kernels are packed.
 *
 * <pre>
 * u32 magic 0x184c2102
 * repeated to the end: u32 length, then a block of that length
 * </pre>
 *
 * <p>Each block but the last unpacks to 8 MiB and refers to nothing outside itself. A block is a row of sequences: a
 * token (literal count in the high half, match length less 4 in the low half, 15 continued by bytes up to one below
 * 255), the literals, a 16-bit distance and the rest of the length. The last sequence ends behind its literals (LZ4
 * block format).
 */
final class Lz4Legacy {
    private static final int MAGIC_BYTES = 4;
    private static final int BLOCK_BYTES = 8 << 20;
    private static final int MATCH_MIN = 4;
    private static final int SHORT = 12;

    /** No LZ4 input byte stands for more output than this. */
    private static final int RATIO_MAX = 255;

    private Lz4Legacy() {}

    static byte[] unpack(byte[] in, int from, int to, int size) throws IOException {
        if (size > (long) (to - from) * RATIO_MAX) {
            throw new IOException("it is too short for " + size + " bytes");
        }
        byte[] out = new byte[size];
        int at = from + MAGIC_BYTES;
        int made = 0;
        while (at < to) {
            int length = to - at < 4 ? -1 : LittleEndian.u32(in, at);
            at += 4;
            if (length <= 0 || length > to - at) {
                throw new IOException("a block is cut off");
            }
            made = block(in, at, at + length, out, made, Math.min(size, made + BLOCK_BYTES));
            at += length;
        }
        if (made != size) {
            throw new IOException("it ends after " + made + " of " + size + " bytes");
        }
        return out;
    }

    /** Unpacks one block and returns where its output ends. */
    private static int block(byte[] in, int from, int to, byte[] out, int start, int limit) throws IOException {
        int at = from;
        int made = start;
        while (true) {
            if (at >= to) {
                throw damaged();
            }
            int token = in[at++] & 0xff;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    more = at < to ? in[at++] & 0xff : 0;
                    literals += more;
                } while (more == 255 && literals <= limit);
            }
            if (literals > to - at || literals > limit - made) {
                throw damaged();
            }
            if (literals <= SHORT) {
                for (int end = made + literals; made < end; ) {
                    out[made++] = in[at++];
                }
            } else {
                System.arraycopy(in, at, out, made, literals);
                at += literals;
                made += literals;
            }
            if (at == to) {
                return made;
            }
            if (to - at < 2) {
                throw damaged();
            }
            int distance = in[at] & 0xff | (in[at + 1] & 0xff) << 8;
            at += 2;
            int match = (token & 15) + MATCH_MIN;
            if (match == 15 + MATCH_MIN) {
                int more;
                do {
                    more = at < to ? in[at++] & 0xff : 0;
                    match += more;
                } while (more == 255 && match <= limit);
            }
            if (distance == 0 || distance > made - start || match > limit - made) {
                throw damaged();
            }
            repeat(out, made, distance, match);
            made += match;
        }
    }

    /** Copies what lies a distance back; where the two overlap, what was just copied is copied again. */
    private static void repeat(byte[] out, int to, int distance, int length) {
        if (distance >= length && length > SHORT) {
            System.arraycopy(out, to - distance, out, to, length);
        } else if (distance == 1) {
            Arrays.fill(out, to, to + length, out[to - 1]);
        } else {
            for (int i = to, end = to + length; i < end; i++) {
                out[i] = out[i - distance];
            }
        }
    }

    private static IOException damaged() { return new IOException("a block is damaged"); }
}
