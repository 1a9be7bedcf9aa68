package dev.sojourn.share;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
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

    /** More than the names of the largest directory that is served. */
    private static final int NAMES_BYTES_MAX = 1 << 27;

    /** An open file, and how it can be opened again. */
    record OpenFile(FileChannel channel, long node, boolean reads, boolean writes) {}

    private final Map<Long, OpenFile> files = new HashMap<>();
    private final Map<Long, List<String>> directories = new HashMap<>();
    private long next = 1;

    boolean hasRoomForFile() { return files.size() < FILES_MAX; }

    long add(OpenFile file) {
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
        OpenFile file = files.get(handle);
        if (file == null) {
            throw new Errno.Failure(Errno.EBADF);
        }
        return file.channel;
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
        OpenFile file = files.remove(handle);
        if (file != null) {
            file.channel.close();
        }
    }

    void save(StateWriter out) {
        out.number("next-handle", next);
        out.list("files", List.copyOf(files.entrySet()), (each, file) -> each.number("handle", file.getKey())
                .number("node", file.getValue().node).flag("reads", file.getValue().reads).flag("writes", file.getValue().writes));
        out.list("directories", List.copyOf(directories.entrySet()), (each, directory) -> each.number("handle", directory.getKey())
                .text("names", String.join("/", directory.getValue())));
    }

    /** @param opener opens a file again; one that is gone fails whoever uses it */
    void restore(StateReader in, Opener opener) throws BadState {
        next = in.number("next-handle");
        for (StateReader each : in.list("files", FILES_MAX)) {
            boolean reads = each.flag("reads");
            boolean writes = each.flag("writes");
            long node = each.number("node");
            try {
                files.put(each.number("handle"), new OpenFile(opener.open(node, reads, writes), node, reads, writes));
            } catch (IOException _) {
                // The guest is told that it is not open.
            }
        }
        for (StateReader each : in.list("directories", DIRECTORIES_MAX)) {
            String names = each.text("names", NAMES_BYTES_MAX);
            directories.put(each.number("handle"), names.isEmpty() ? List.of() : List.of(names.split("/")));
        }
    }

    /** Opens files. */
    interface Opener {
        FileChannel open(long node, boolean reads, boolean writes) throws IOException;
    }

    @Override
    public void close() throws IOException {
        for (OpenFile file : files.values()) {
            file.channel.close();
        }
        files.clear();
        directories.clear();
    }
}
