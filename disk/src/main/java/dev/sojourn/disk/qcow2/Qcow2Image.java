package dev.sojourn.disk.qcow2;

import dev.sojourn.disk.BadDisk;
import dev.sojourn.disk.DiskImage;
import dev.sojourn.disk.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A disk in a qcow2 file.
 *
 * <p>Implementation notes. New clusters are counted and written at once, but the tables that point at them change in memory alone
 * until {@link #commit}, which forces what they point at first: L2 tables, then the L1 table, then what is used no more is counted
 * less. An L2 table that must make room in the cache commits all of them.
 */
public final class Qcow2Image implements DiskImage {
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long ZERO = 1;
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

    /** What clusters used no more may wait for a commit. */
    private static final int RELEASES_MAX = 1024;

    /** A range of the file that no table uses any more. */
    private record Release(long offset, long length) {}

    private final Storage file;
    private final Optional<DiskImage> backing;
    private final Header header;
    private final int clusterBits;
    private final int clusterBytes;
    private final int l2Bits;
    private final Refcounts refcounts;
    private final long[] l1;
    private final L2Cache tables;
    private final List<Release> releases = new ArrayList<>();
    private boolean l1Dirty;

    private final byte[] cluster;
    private final byte[] unpacked;
    private long unpackedEntry;

    /**
     * Opens an image.
     *
     * @param backings opens the file that holds what this one does not
     */
    public Qcow2Image(Storage file, Backings backings) throws BadDisk, IOException {
        this.file = file;
        header = Header.read(file);
        clusterBits = header.clusterBits();
        clusterBytes = header.clusterBytes();
        l2Bits = clusterBits - 3;
        refcounts = new Refcounts(file, header);
        byte[] bytes = new byte[8 * header.l1Entries()];
        file.readPadded(header.l1Offset(), bytes, 0, bytes.length);
        l1 = new long[header.l1Entries()];
        ByteBuffer.wrap(bytes).asLongBuffer().get(l1);
        tables = new L2Cache(file, clusterBytes);
        cluster = new byte[clusterBytes];
        unpacked = new byte[clusterBytes];
        backing = header.backing().isEmpty() ? Optional.empty()
                : Optional.of(backings.open(header.backing().get(), header.backingFormat()));
        if (!file.readOnly() && header.autoclear() != 0) {
            // Whoever keeps something beside the data that we do not know must see that it is stale.
            file.write(Header.AUTOCLEAR_FIELD, new byte[8], 0, 8);
        }
    }

    /** Opens backing files. */
    public interface Backings {
        DiskImage open(String name, Optional<String> format) throws BadDisk;
    }

    @Override
    public long bytes() { return header.bytes(); }

    @Override
    public boolean readOnly() { return file.readOnly(); }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = inCluster(position + done, length - done);
            readPart(entry(position + done), position + done, target, offset + done, part);
            done += part;
        }
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = inCluster(position + done, length - done);
            writePart(position + done, source, offset + done, part);
            done += part;
        }
    }

    @Override
    public void zero(long position, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int part = inCluster(position + done, length - done);
            zeroPart(position + done, part);
            done += part;
        }
    }

    /** What is discarded reads as zeros, and its clusters serve again. */
    @Override
    public void discard(long position, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int part = inCluster(position + done, length - done);
            if (part == clusterBytes || position + done + part == bytes() && (position + done & clusterBytes - 1) == 0) {
                zeroPart(position + done, part);
            }
            done += part;
        }
    }

    @Override
    public void flush() throws IOException {
        if (!readOnly()) {
            commit();
            file.force();
        }
    }

    @Override
    public void close() throws IOException {
        try (file; DiskImage _ = backing.orElse(null)) {
            flush();
        }
    }

    private int inCluster(long position, long length) {
        return (int) Math.min(length, clusterBytes - (position & clusterBytes - 1));
    }

    private void readPart(long entry, long position, byte[] target, int offset, int length) throws IOException {
        int within = (int) (position & clusterBytes - 1);
        if ((entry & COMPRESSED) != 0) {
            unpack(entry);
            System.arraycopy(unpacked, within, target, offset, length);
        } else if ((entry & ZERO) != 0 && header.version() > 2) {
            Arrays.fill(target, offset, offset + length, (byte) 0);
        } else if ((entry & OFFSET) != 0) {
            file.readPadded(offset(entry) + within, target, offset, length);
        } else {
            readBacking(position, target, offset, length);
        }
    }

    /** A backing file may be shorter than the disk. */
    private void readBacking(long position, byte[] target, int offset, int length) throws IOException {
        long there = backing.isPresent() ? Math.clamp(backing.get().bytes() - position, 0, length) : 0;
        if (there > 0) {
            backing.get().read(position, target, offset, (int) there);
        }
        Arrays.fill(target, offset + (int) there, offset + length, (byte) 0);
    }

    private void writePart(long position, byte[] source, int offset, int length) throws IOException {
        long[] table = writableTable(position);
        int index = index(position);
        long entry = table[index];
        int within = (int) (position & clusterBytes - 1);
        boolean inPlace = (entry & (COPIED | COMPRESSED)) == COPIED && ((entry & ZERO) == 0 || header.version() == 2);
        if (inPlace) {
            file.write(offset(entry) + within, source, offset, length);
            return;
        }
        long fresh = refcounts.allocate();
        if (length == clusterBytes) {
            file.write(fresh, source, offset, length);
        } else {
            readPart(entry, position - within, cluster, 0, clusterBytes);
            System.arraycopy(source, offset, cluster, within, length);
            file.write(fresh, cluster, 0, clusterBytes);
        }
        table[index] = fresh | COPIED;
        tables.dirty(l1Index(position));
        release(entry);
    }

    private void zeroPart(long position, int length) throws IOException {
        long entry = entry(position);
        boolean nothing = entry == 0 && backing.isEmpty() || (entry & ZERO) != 0 && (entry & COMPRESSED) == 0 && header.version() > 2;
        if (nothing) {
            return;
        }
        boolean whole = length == clusterBytes || (position & clusterBytes - 1) == 0 && position + length == bytes();
        if (whole && (header.version() > 2 || backing.isEmpty())) {
            writableTable(position)[index(position)] = header.version() > 2 ? ZERO : 0;
            tables.dirty(l1Index(position));
            release(entry);
        } else {
            writePart(position, new byte[length], 0, length);
        }
    }

    private long entry(long position) throws IOException {
        long at = l1[l1Index(position)] & OFFSET;
        return at == 0 ? 0 : table(position, at)[index(position)];
    }

    private long[] table(long position, long at) throws IOException {
        if (tables.mustCommit(l1Index(position))) {
            commit();
        }
        return tables.get(l1Index(position), at);
    }

    /** The L2 table of a position, made or copied if this image has none of its own. */
    private long[] writableTable(long position) throws IOException {
        int index = l1Index(position);
        long at = l1[index] & OFFSET;
        if ((l1[index] & COPIED) != 0) {
            return table(position, at);
        }
        long[] entries = at == 0 ? new long[1 << l2Bits] : table(position, at).clone();
        if (tables.mustCommit(index)) {
            commit();
        }
        if (at != 0) {
            // A copy shares its clusters with the table it was made of, so none of them may be written in place.
            for (int i = 0; i < entries.length; i++) {
                entries[i] &= ~COPIED;
            }
            later(at, clusterBytes);
        }
        long fresh = refcounts.allocate();
        l1[index] = fresh | COPIED;
        l1Dirty = true;
        tables.put(index, fresh, entries);
        return entries;
    }

    /** What an entry pointed at is used once less, when the tables that say so are in the file. */
    private void release(long entry) throws IOException {
        if ((entry & COMPRESSED) != 0) {
            later(packedOffset(entry), packedBytes(entry));
        } else if ((entry & OFFSET) != 0) {
            later(offset(entry), clusterBytes);
        }
        if (releases.size() >= RELEASES_MAX) {
            commit();
        }
    }

    private void later(long offset, long length) { releases.add(new Release(offset, length)); }

    private void commit() throws IOException {
        if (tables.isDirty() || l1Dirty) {
            file.force();
            tables.write();
        }
        if (l1Dirty) {
            file.force();
            byte[] bytes = new byte[8 * l1.length];
            ByteBuffer.wrap(bytes).asLongBuffer().put(l1);
            file.write(header.l1Offset(), bytes, 0, bytes.length);
            l1Dirty = false;
        }
        if (!releases.isEmpty()) {
            file.force();
            List<Release> due = List.copyOf(releases);
            releases.clear();
            for (Release release : due) {
                refcounts.release(release.offset(), release.length());
            }
        }
    }

    private void unpack(long entry) throws IOException {
        if (entry == unpackedEntry) {
            return;
        }
        unpackedEntry = 0;
        byte[] packed = new byte[(int) packedBytes(entry)];
        file.readPadded(packedOffset(entry), packed, 0, packed.length);
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(packed);
            int done = 0;
            while (done < clusterBytes && !inflater.finished()) {
                int more = inflater.inflate(unpacked, done, clusterBytes - done);
                if (more == 0) {
                    break;
                }
                done += more;
            }
            if (done < clusterBytes) {
                throw new IOException("damaged image: a compressed cluster is too short");
            }
        } catch (DataFormatException e) {
            throw new IOException("damaged image: a compressed cluster cannot be read", e);
        }
        unpackedEntry = entry;
    }

    /** Where the offset of a compressed cluster ends and its length in sectors begins. */
    private int packedShift() { return 62 - (clusterBits - 8); }

    private long packedOffset(long entry) { return entry & (1L << packedShift()) - 1; }

    private long packedBytes(long entry) {
        long sectors = (entry >>> packedShift() & (1L << clusterBits - 8) - 1) + 1;
        return sectors * SECTOR_BYTES - (packedOffset(entry) & SECTOR_BYTES - 1);
    }

    private long offset(long entry) throws IOException {
        long offset = entry & OFFSET;
        if (offset % clusterBytes != 0) {
            throw new IOException("damaged image: a cluster at 0x" + Long.toHexString(offset));
        }
        return offset;
    }

    private int l1Index(long position) { return (int) (position >>> clusterBits + l2Bits); }

    private int index(long position) { return (int) (position >>> clusterBits) & (1 << l2Bits) - 1; }
}
