package dev.sojourn.share;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Set;

/** A file's attributes as the protocol has them. */
final class Attributes {
    static final int TYPE_DIRECTORY = 4;
    static final int TYPE_FILE = 8;
    static final int TYPE_LINK = 10;
    static final int TYPE_OTHER = 0;

    private static final int BLOCK_BYTES = 512;
    private static final int IO_BYTES = 4096;
    /** What is no file, directory or link is shown as a socket, which cannot be opened. */
    private static final int TYPE_SOCKET = 12;

    private Attributes() {}

    static int type(PosixFileAttributes file) {
        return file.isDirectory() ? TYPE_DIRECTORY : file.isRegularFile() ? TYPE_FILE : file.isSymbolicLink() ? TYPE_LINK : TYPE_OTHER;
    }

    /** struct fuse_attr: 88 bytes. */
    static void write(Reply out, long node, PosixFileAttributes file) throws Errno.Failure {
        int type = type(file) == TYPE_OTHER ? TYPE_SOCKET : type(file);
        Instant read = instant(file.lastAccessTime());
        Instant written = instant(file.lastModifiedTime());
        out.u64(node);
        out.u64(file.size());
        out.u64((file.size() + BLOCK_BYTES - 1) / BLOCK_BYTES);
        out.u64(read.getEpochSecond());
        out.u64(written.getEpochSecond());
        out.u64(written.getEpochSecond());
        out.u32(read.getNano());
        out.u32(written.getNano());
        out.u32(written.getNano());
        out.u32(type << 12 | mode(file.permissions()));
        out.u32(file.isDirectory() ? 2 : 1);
        out.zeros(12);                   // user and group 0, no device
        out.u32(IO_BYTES);
        out.u32(0);
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    private static Instant instant(FileTime time) { return time.toInstant(); }
}
