package dev.sojourn.share;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a guest has open: files, and directories as lists of their names at the time of opening. */
final class Handles implements AutoCloseable {
    /** A quarter of the descriptors that a process usually has. */
    private static final int FILES_MAX = 256;
    private static final int DIRECTORIES_MAX = 64;

    private final Map<Long, FileChannel> files = new HashMap<>();
    private final Map<Long, List<String>> directories = new HashMap<>();
    private long next = 1;

    boolean hasRoomForFile() { return files.size() < FILES_MAX; }

    long add(FileChannel file) {
        files.put(next, file);
        return next++;
    }

    long add(List<String> names) throws Errno.Failure {
        if (directories.size() == DIRECTORIES_MAX) {
            throw new Errno.Failure(Errno.ENFILE);
        }
        directories.put(next, names);
        return next++;
    }

    FileChannel file(long handle) throws Errno.Failure {
        FileChannel file = files.get(handle);
        if (file == null) {
            throw new Errno.Failure(Errno.EBADF);
        }
        return file;
    }

    List<String> directory(long handle) throws Errno.Failure {
        List<String> names = directories.get(handle);
        if (names == null) {
            throw new Errno.Failure(Errno.EBADF);
        }
        return names;
    }

    void closeDirectory(long handle) { directories.remove(handle); }

    void closeFile(long handle) throws IOException {
        FileChannel file = files.remove(handle);
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files.values()) {
            file.close();
        }
        files.clear();
        directories.clear();
    }
}
