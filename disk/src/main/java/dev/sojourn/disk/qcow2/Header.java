package dev.sojourn.disk.qcow2;

import dev.sojourn.disk.BadDisk;
import dev.sojourn.disk.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What stands at the beginning of the file, all of it big-endian:
 *
 * <pre>
 *   0  u32 "QFI\xfb"           24  u64 size of the disk            60  u32 snapshots
 *   4  u32 version             32  u32 encryption                  72  u64 features a reader must know   (from version 3)
 *   8  u64 backing file name   36  u32 L1 entries                  80  u64 features a reader may ignore
 *  16  u32 its length          40  u64 L1 table                    88  u64 features a writer switches off
 *  20  u32 cluster bits        48  u64 refcount table              96  u32 refcount bits, as a power of two
 *                              56  u32 its clusters               100  u32 header length; then extensions
 * </pre>
 *
 * @param refcountOrder the width of a reference count in bits is two to this
 * @param backing the name of the file that holds what this one does not, and its format if that is told
 */
record Header(int version, int clusterBits, long bytes, int l1Entries, long l1Offset, long refcountTable, int refcountTableClusters,
        int refcountOrder, long autoclear, Optional<String> backing, Optional<String> backingFormat) {
    static final int MAGIC = 0x514649fb;

    /** Where fields are that change. */
    static final int REFCOUNT_TABLE_FIELD = 48;
    static final int AUTOCLEAR_FIELD = 88;

    /** As large as QEMU lets them be: 32 MiB of L1 table, 8 MiB of refcount table. */
    static final int L1_ENTRIES_MAX = 1 << 22;
    static final int REFCOUNT_TABLE_BYTES_MAX = 1 << 23;

    private static final int BYTES_2 = 72;
    private static final int BYTES_3 = 104;
    private static final int CLUSTER_BITS_MIN = 9;
    private static final int CLUSTER_BITS_MAX = 21;
    private static final int NAME_BYTES_MAX = 1023;
    private static final int REFCOUNT_ORDER_MAX = 6;
    private static final int EXTENSION_BACKING_FORMAT = 0xe2792aca;

    private static final int DIRTY = 1;
    private static final int CORRUPT = 2;

    static Header read(Storage file) throws BadDisk, IOException {
        byte[] bytes = new byte[4096];
        file.readPadded(0, bytes, 0, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int version = in.getInt(4);
        require(in.getInt(0) == MAGIC, file, "is not in the format qcow2; say format=raw if it is a raw image");
        require(version == 2 || version == 3, file, "is of version " + Integer.toUnsignedString(version)
                + " of qcow2, and 2 and 3 are known; convert it with 'qemu-img convert'");
        int clusterBits = in.getInt(20);
        require(clusterBits >= CLUSTER_BITS_MIN && clusterBits <= CLUSTER_BITS_MAX, file, broken("cluster size"));
        require(in.getInt(32) == 0, file, "is encrypted; decrypt it with 'qemu-img convert'");
        if (version == 3) {
            features(file, in.getLong(72));
        }
        int order = version == 3 ? in.getInt(96) : 4;
        require(order >= 0 && order <= REFCOUNT_ORDER_MAX, file, broken("width of reference counts"));
        int headerBytes = version == 3 ? in.getInt(100) : BYTES_2;
        require(headerBytes >= (version == 3 ? BYTES_3 : BYTES_2) && headerBytes <= bytes.length / 2, file, broken("header length"));
        Optional<String> backing = backing(file, in.getLong(8), in.getInt(16));
        Header header = new Header(version, clusterBits, in.getLong(24), in.getInt(36), in.getLong(40), in.getLong(48), in.getInt(56),
                order, version == 3 ? in.getLong(88) : 0, backing, backing.isEmpty() ? Optional.empty()
                : backingFormat(in, headerBytes));
        header.check(file);
        return header;
    }

    int clusterBytes() { return 1 << clusterBits; }

    private void check(Storage file) throws BadDisk, IOException {
        long l2Covers = 1L << 2 * clusterBits - 3;
        require(bytes > 0 && bytes % 512 == 0 && bytes <= L1_ENTRIES_MAX * l2Covers, file, broken("size of the disk"));
        require(l1Entries >= (bytes + l2Covers - 1) / l2Covers && l1Entries <= L1_ENTRIES_MAX, file, broken("size of the L1 table"));
        require(isTable(file, l1Offset, 8L * l1Entries), file, broken("place of the L1 table"));
        require(refcountTableClusters > 0 && (long) refcountTableClusters << clusterBits <= REFCOUNT_TABLE_BYTES_MAX, file,
                broken("size of the refcount table"));
        require(isTable(file, refcountTable, (long) refcountTableClusters << clusterBits), file, broken("place of the refcount table"));
    }

    private boolean isTable(Storage file, long offset, long length) throws IOException {
        return offset >= clusterBytes() && offset % clusterBytes() == 0 && offset <= file.bytes() && length <= file.bytes() - offset;
    }

    private static void features(Storage file, long needed) throws BadDisk {
        require((needed & CORRUPT) == 0, file, "is marked as corrupt; 'qemu-img check -r all' may mend it");
        require((needed & DIRTY) == 0, file, "was not closed by whoever wrote it last; 'qemu-img check -r all' mends it");
        require(needed == 0, file, "uses features of qcow2 that are not known here (0x" + Long.toHexString(needed)
                + "); convert it with 'qemu-img convert -O qcow2'");
    }

    private static Optional<String> backing(Storage file, long offset, int length) throws BadDisk, IOException {
        if (offset == 0) {
            return Optional.empty();
        }
        require(length > 0 && length <= NAME_BYTES_MAX && offset > 0 && offset <= file.bytes() - length, file,
                broken("name of its backing file"));
        byte[] name = new byte[length];
        file.readPadded(offset, name, 0, length);
        return Optional.of(new String(name, StandardCharsets.UTF_8));
    }

    /** Header extensions: a kind, a length, and that many bytes, padded to eight; the kind 0 ends them. */
    private static Optional<String> backingFormat(ByteBuffer in, int start) {
        int at = start;
        while (at + 8 <= in.capacity() && in.getInt(at) != 0) {
            int length = in.getInt(at + 4);
            if (length < 0 || length > in.capacity() - at - 8) {
                return Optional.empty();
            }
            if (in.getInt(at) == EXTENSION_BACKING_FORMAT) {
                return Optional.of(new String(in.array(), at + 8, length, StandardCharsets.UTF_8));
            }
            at += 8 + (length + 7 & -8);
        }
        return Optional.empty();
    }

    private static String broken(String what) { return "is damaged: its header tells an impossible " + what; }

    private static void require(boolean condition, Storage file, String otherwise) throws BadDisk {
        if (!condition) {
            throw new BadDisk("The disk image " + file.name() + " " + otherwise + ".");
        }
    }
}
