package dev.sojourn.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The checksum of RAM: CRC-32C over each page that is not all zero, its offset in the image in 64 bits before it. */
final class RamSum {
    static final int PAGE_BYTES = 4096;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    void page(long offset, ByteBuffer page) {
        crc.update(number.putLong(0, offset).rewind());
        crc.update(page);
    }

    /** Some pages in a row. */
    void pages(long offset, ByteBuffer pages) {
        for (int at = 0; at < pages.limit(); at += PAGE_BYTES) {
            page(offset + at, pages.slice(at, PAGE_BYTES));
        }
    }

    int value() { return (int) crc.getValue(); }
}
