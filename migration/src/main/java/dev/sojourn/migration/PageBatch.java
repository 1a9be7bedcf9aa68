package dev.sojourn.migration;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Some pages of RAM on their way.
 *
 * <p>A batch is the number of pages, 16 bits; how their content is held, 8 bits: 0 as it is, 1 as an LZ4 block; for each page its
 * guest-physical address divided by its size, 40 bits, and 8 bits that are 1 if it holds zeros only; then the content of the others,
 * one after the other. Numbers are big-endian.
 */
public final class PageBatch {
    public static final int PAGE_BYTES = 4096;

    /** Pages of a batch: a message stays below a third of a megabyte. */
    static final int PAGES_MAX = 64;

    /** Takes a page that arrived. */
    public interface Taker {
        /** @param content of the page, null if it is zeros; used only until the call returns */
        void page(long address, byte[] content, int offset) throws IOException;
    }

    private static final int HEAD_BYTES = 3;
    private static final int ADDRESS_BYTES = 6;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private final Lz4Compressor compressor = new Lz4Compressor();
    private final Lz4Decompressor decompressor = new Lz4Decompressor();
    private final long[] addresses = new long[PAGES_MAX];
    private final boolean[] zero = new boolean[PAGES_MAX];
    private final byte[] content = new byte[PAGES_MAX * PAGE_BYTES];
    private final byte[] packed = new byte[compressor.maxCompressedLength(content.length)];
    private int pages;
    private int filled;

    boolean isFull() { return pages == PAGES_MAX; }

    boolean isEmpty() { return pages == 0; }

    /** Where the content of the next page goes, before {@link #add}. */
    byte[] content() { return content; }

    int next() { return filled; }

    /** Adds the page whose content was put in place. */
    void add(long address) {
        zero[pages] = Arrays.equals(content, filled, filled + PAGE_BYTES, ZEROS, 0, PAGE_BYTES);
        addresses[pages] = address;
        filled += zero[pages] ? 0 : PAGE_BYTES;
        pages++;
    }

    /** Its bytes; it is empty after that. */
    byte[] take() {
        int packedBytes = filled == 0 ? 0 : compressor.compress(content, 0, filled, packed, 0, packed.length);
        boolean isPacked = packedBytes < filled;
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + pages * ADDRESS_BYTES + (isPacked ? packedBytes : filled));
        bytes.putShort((short) pages).put((byte) (isPacked ? 1 : 0));
        for (int i = 0; i < pages; i++) {
            long number = addresses[i] / PAGE_BYTES;
            bytes.put((byte) (number >> 32)).putInt((int) number).put((byte) (zero[i] ? 1 : 0));
        }
        bytes.put(isPacked ? packed : content, 0, isPacked ? packedBytes : filled);
        pages = 0;
        filled = 0;
        return bytes.array();
    }

    /** Shows the pages of a batch that arrived. @throws IOException if it is none */
    void read(byte[] batch, Taker taker) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(batch);
        int count = bytes.remaining() < HEAD_BYTES ? 0 : bytes.getShort() & 0xffff;
        if (count < 1 || count > PAGES_MAX || bytes.remaining() < 1 + count * ADDRESS_BYTES) {
            throw new IOException("A batch of pages arrived damaged");
        }
        int form = bytes.get();
        int full = 0;
        for (int i = 0; i < count; i++) {
            addresses[i] = ((bytes.get() & 0xffL) << 32 | bytes.getInt() & 0xffff_ffffL) * PAGE_BYTES;
            zero[i] = bytes.get() != 0;
            full += zero[i] ? 0 : PAGE_BYTES;
        }
        unpack(form, batch, bytes.position(), full);
        int offset = 0;
        for (int i = 0; i < count; i++) {
            taker.page(addresses[i], zero[i] ? null : content, offset);
            offset += zero[i] ? 0 : PAGE_BYTES;
        }
    }

    private void unpack(int form, byte[] batch, int offset, int full) throws IOException {
        int length = batch.length - offset;
        int got;
        switch (form) {
            case 0 -> {
                got = length;
                System.arraycopy(batch, offset, content, 0, Math.min(length, full));
            }
            case 1 -> {
                try {
                    got = decompressor.decompress(batch, offset, length, content, 0, full);
                } catch (MalformedInputException e) {
                    throw new IOException("A batch of pages cannot be unpacked", e);
                }
            }
            default -> throw new IOException("A batch of pages is packed in a way that is not known here; use a newer release");
        }
        if (got != full) {
            throw new IOException("A batch of pages holds " + got + " bytes, not " + full);
        }
    }
}
