package dev.sojourn.share;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Linux's numbers of errors, and which of them the platform's exceptions are. */
final class Errno {
    static final int ENOENT = 2;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private Errno() {}

    /** A request that fails. Without a trace: guests cause as many as they like. */
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1;

        final int errno;

        Failure(int errno) {
            super("errno " + errno);
            this.errno = errno;
        }

        @Override public synchronized Throwable fillInStackTrace() { return this; }
    }

    static int of(IOException e) {
        return switch (e) {
            case Failure failure -> failure.errno;
            case NoSuchFileException _ -> ENOENT;
            case FileAlreadyExistsException _ -> EEXIST;
            case DirectoryNotEmptyException _ -> ENOTEMPTY;
            case AccessDeniedException _ -> EACCES;
            case NotDirectoryException _ -> ENOTDIR;
            case FileSystemException failure -> byText(String.valueOf(failure.getReason()));
            default -> byText(String.valueOf(e.getMessage()));
        };
    }

    /** The platform tells these apart by their text alone. */
    private static int byText(String text) {
        return switch (text) {
            case "Not a directory" -> ENOTDIR;
            case "Is a directory" -> EISDIR;
            case "Directory not empty" -> ENOTEMPTY;
            case "No space left on device" -> ENOSPC;
            case "Disk quota exceeded" -> EDQUOT;
            case "File too large" -> EFBIG;
            case "File name too long" -> ENAMETOOLONG;
            case "Invalid cross-device link" -> EXDEV;
            case "Invalid argument" -> EINVAL;
            case "Read-only file system" -> EROFS;
            default -> text.startsWith("Too many levels of symbolic links") ? ELOOP
                    : text.startsWith("Too many open files") ? ENFILE : EIO;
        };
    }
}
