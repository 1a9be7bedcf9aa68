package dev.sojourn.boot.initramfs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes cpio archives in the "newc" format, the one that Linux unpacks (Linux, "initramfs buffer format").
 *
 * <pre>
 * "070701", then 13 numbers of 8 hexadecimal digits:
 *   inode, mode, uid, gid, links, time, bytes, device major, minor, special major, minor, name bytes, checksum (0)
 * name, zero byte, zeros up to a multiple of 4
 * content, zeros up to a multiple of 4
 * </pre>
 *
 * <p>The last entry is named "TRAILER!!!". Names here are strings of bytes: each character is one byte of the name.
 */
final class CpioWriter {
    private static final int HEADER_BYTES = 110;
    static final int ALIGNMENT = 4;
    static final String TRAILER = "TRAILER!!!";

    /** Archives are filled up to whole blocks, so that another may follow. */
    static final int BLOCK_BYTES = 512;

    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private final OutputStream out;
    private long written;

    CpioWriter(OutputStream out) { this.out = out; }

    /** What the archive holds of one name; its content, if any, follows by {@link #content}. */
    void header(int inode, int mode, int uid, int gid, int links, long bytes, int major, int minor, String name)
            throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder header = new StringBuilder(HEADER_BYTES).append("070701");
        long[] numbers = {inode, mode, uid, gid, links, 0, bytes, 0, 0, major, minor, nameBytes.length + 1, 0};
        for (long number : numbers) {
            hex(header, number);
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(nameBytes);
        zeros(1);
        align(ALIGNMENT);
    }

    /** A part of a content; {@link #endContent} goes behind the last. */
    void content(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
        written += length;
    }

    void endContent() throws IOException { align(ALIGNMENT); }

    void end() throws IOException {
        header(0, 0, 0, 0, 1, 0, 0, 0, TRAILER);
        align(BLOCK_BYTES);
    }

    /** What {@link #header} writes for a name. */
    static long headerBytes(String name) { return aligned(HEADER_BYTES + name.length() + 1, ALIGNMENT); }

    static long aligned(long bytes, int to) { return bytes + to - 1 & -(long) to; }

    private static void hex(StringBuilder text, long number) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            text.append(Character.forDigit((int) (number >>> shift) & 15, 16));
        }
    }

    private void write(byte[] bytes) throws IOException { content(bytes, bytes.length); }

    private void align(int to) throws IOException { zeros((int) (-written & to - 1)); }

    private void zeros(int count) throws IOException { content(ZEROS, count); }
}
