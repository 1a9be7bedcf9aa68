package dev.sojourn.disk.qcow2;

import dev.sojourn.disk.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How often each cluster of the file is used: a table of blocks of counts.
 *
 * <p>Changes go to the file at once. That is before the tables that use a cluster are written, so that a death leaves no cluster that is
 * used and not counted.
 */
final class Refcounts {
    private final Storage file;
    private final int clusterBits;
    private final int clusterBytes;
    private final int order;
    private final int countsPerBlock;
    private long tableOffset;
    private long[] table;

    private byte[] block;
    private int blockIndex = -1;
    private long firstMaybeFree = 1;

    Refcounts(Storage file, Header header) throws IOException {
        this.file = file;
        clusterBits = header.clusterBits();
        clusterBytes = header.clusterBytes();
        order = header.refcountOrder();
        countsPerBlock = clusterBytes * 8 >> order;
        tableOffset = header.refcountTable();
        byte[] bytes = new byte[header.refcountTableClusters() << clusterBits];
        file.readPadded(tableOffset, bytes, 0, bytes.length);
        table = new long[bytes.length / 8];
        ByteBuffer.wrap(bytes).asLongBuffer().get(table);
        block = new byte[clusterBytes];
    }

    /** A cluster nobody used, counted once from now on. @return where it is in the file */
    long allocate() throws IOException {
        long cluster = firstMaybeFree;
        boolean found = false;
        while (!found) {
            if (!hasBlock(cluster)) {
                makeBlock(cluster);
            }
            found = get(cluster) == 0;
            cluster += found ? 0 : 1;
        }
        set(cluster, 1);
        firstMaybeFree = cluster + 1;
        return cluster << clusterBits;
    }

    /** One use less of each cluster that a range of the file touches. */
    void release(long offset, long length) throws IOException {
        for (long cluster = offset >> clusterBits; cluster <= offset + length - 1 >> clusterBits; cluster++) {
            long count = get(cluster);
            if (count == 0) {
                throw new IOException("damaged image: cluster " + cluster + " is used and not counted");
            }
            set(cluster, count - 1);
            if (count == 1) {
                firstMaybeFree = Math.min(firstMaybeFree, cluster);
            }
        }
    }

    private boolean hasBlock(long cluster) {
        long index = cluster / countsPerBlock;
        return index < table.length && table[(int) index] != 0;
    }

    private long get(long cluster) throws IOException {
        if (!hasBlock(cluster)) {
            return 0;
        }
        load((int) (cluster / countsPerBlock));
        int index = (int) (cluster % countsPerBlock);
        return switch (order) {
            case 3 -> block[index] & 0xff;
            case 4 -> ByteBuffer.wrap(block).getShort(2 * index) & 0xffff;
            case 5 -> ByteBuffer.wrap(block).getInt(4 * index) & 0xffff_ffffL;
            case 6 -> ByteBuffer.wrap(block).getLong(8 * index);
            default -> block[index << order >> 3] >> (index << order & 7) & (1 << (1 << order)) - 1;
        };
    }

    private void set(long cluster, long count) throws IOException {
        load((int) (cluster / countsPerBlock));
        int index = (int) (cluster % countsPerBlock);
        int at = (int) ((long) index << order >> 3);
        int bytes = Math.max(1, 1 << order >> 3);
        switch (order) {
            case 3 -> block[index] = (byte) count;
            case 4 -> ByteBuffer.wrap(block).putShort(at, (short) count);
            case 5 -> ByteBuffer.wrap(block).putInt(at, (int) count);
            case 6 -> ByteBuffer.wrap(block).putLong(at, count);
            default -> {
                int shift = index << order & 7;
                int mask = (1 << (1 << order)) - 1;
                block[at] = (byte) (block[at] & ~(mask << shift) | (int) count << shift);
            }
        }
        file.write(table[blockIndex] + at, block, at, bytes);
    }

    private void load(int index) throws IOException {
        if (index != blockIndex) {
            long offset = table[index];
            if (offset < clusterBytes || offset % clusterBytes != 0 || offset > file.bytes()) {
                throw new IOException("damaged image: a block of reference counts at 0x" + Long.toHexString(offset));
            }
            blockIndex = -1;
            file.readPadded(offset, block, 0, clusterBytes);
            blockIndex = index;
        }
    }

    /** Makes a block of counts in a cluster that it counts itself; where there is no block, nothing is used. */
    private void makeBlock(long cluster) throws IOException {
        long index = cluster / countsPerBlock;
        if (index >= table.length) {
            enlarge(index);
        }
        byte[] fresh = new byte[clusterBytes];
        file.write(cluster << clusterBits, fresh, 0, clusterBytes);
        table[(int) index] = cluster << clusterBits;
        block = fresh;
        blockIndex = (int) index;
        set(cluster, 1);
        writeTableEntry((int) index);
    }

    private void writeTableEntry(int index) throws IOException {
        byte[] entry = new byte[8];
        ByteBuffer.wrap(entry).putLong(0, table[index]);
        // The block is to be found there before the table says so.
        file.force();
        file.write(tableOffset + 8L * index, entry, 0, 8);
    }

    /** Moves the table to a larger place behind everything, together with the blocks that count that place. */
    private void enlarge(long index) throws IOException {
        long entries = Math.max(2L * table.length, index + 2);
        long clusters = (entries * 8 + clusterBytes - 1) / clusterBytes;
        if (clusters << clusterBits > Header.REFCOUNT_TABLE_BYTES_MAX) {
            throw new IOException("the image has become too large for its clusters");
        }
        long first = Math.ceilDiv(Math.max(file.bytes() >> clusterBits, index * countsPerBlock) + 1, countsPerBlock) * (long) countsPerBlock;
        int blocks = 1;
        while ((long) blocks * countsPerBlock < blocks + clusters) {
            blocks++;
        }
        long firstBlock = first / countsPerBlock;
        long entriesNeeded = firstBlock + blocks + 1;
        if (entriesNeeded > entries) {
            clusters = (entriesNeeded * 16 + clusterBytes - 1) / clusterBytes;
            while ((long) blocks * countsPerBlock < blocks + clusters) {
                blocks++;
            }
        }
        if (clusters << clusterBits > Header.REFCOUNT_TABLE_BYTES_MAX) {
            throw new IOException("the image has become too large for its clusters");
        }
        long[] larger = Arrays.copyOf(table, (int) (clusters << clusterBits - 3));
        for (int i = 0; i < blocks; i++) {
            larger[(int) firstBlock + i] = first + i << clusterBits;
        }
        move(larger, first, blocks, clusters);
    }

    private void move(long[] larger, long first, int blocks, long clusters) throws IOException {
        long oldOffset = tableOffset;
        long oldBytes = 8L * table.length;
        byte[] empty = new byte[clusterBytes];
        for (int i = 0; i < blocks; i++) {
            file.write(first + i << clusterBits, empty, 0, clusterBytes);
        }
        table = larger;
        blockIndex = -1;
        for (long cluster = first; cluster < first + blocks + clusters; cluster++) {
            set(cluster, 1);
        }
        tableOffset = first + blocks << clusterBits;
        byte[] bytes = new byte[8 * larger.length];
        ByteBuffer.wrap(bytes).asLongBuffer().put(larger);
        file.write(tableOffset, bytes, 0, bytes.length);
        file.force();
        byte[] field = new byte[12];
        ByteBuffer.wrap(field).putLong(0, tableOffset).putInt(8, (int) clusters);
        file.write(Header.REFCOUNT_TABLE_FIELD, field, 0, field.length);
        file.force();
        release(oldOffset, oldBytes);
    }
}
