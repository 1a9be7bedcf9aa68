package dev.sojourn.boot.initramfs;

import java.nio.file.Path;

/**
 * A file of the guest, of whatever kind; names are not part of it. The same file object under several names is one file
 * with several links, so files are compared by identity.
 */
sealed interface Node {
    int FORMAT_MASK = 0170000;
    int PERMISSION_MASK = 07777;
    int FIFO = 0010000;
    int CHARACTER_DEVICE = 0020000;
    int DIRECTORY = 0040000;
    int BLOCK_DEVICE = 0060000;
    int REGULAR = 0100000;
    int SYMBOLIC_LINK = 0120000;

    /** Format and permission bits, as in the archive. */
    int mode();

    int uid();

    int gid();

    record Directory(int mode, int uid, int gid) implements Node {}

    /** @param target a string of bytes */
    record SymbolicLink(String target, int uid, int gid) implements Node {
        @Override
        public int mode() { return SYMBOLIC_LINK | 0777; }
    }

    /** A device node, or a FIFO with zero numbers. */
    record Special(int mode, int uid, int gid, int major, int minor) implements Node {}

    /** A regular file. */
    final class RegularFile implements Node {
        private final int mode;
        private final int uid;
        private final int gid;
        private final Content content;

        RegularFile(int permissions, int uid, int gid, Content content) {
            mode = REGULAR | permissions & PERMISSION_MASK;
            this.uid = uid;
            this.gid = gid;
            this.content = content;
        }

        @Override
        public int mode() { return mode; }

        @Override
        public int uid() { return uid; }

        @Override
        public int gid() { return gid; }

        Content content() { return content; }
    }

    /** Where the bytes of a file come from. */
    sealed interface Content {
        long bytes();
    }

    record InMemory(byte[] data) implements Content {
        @Override
        public long bytes() { return data.length; }
    }

    /** A file of the host, read when the archive is written; it must still have the same size. */
    record OnHost(Path path, long bytes) implements Content {}
}
