package dev.sojourn.share;

import dev.sojourn.share.Nodes.Node;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Answers a guest's requests for one directory of the host. Used by one thread at a time. */
public final class SharedDirectory implements Stateful, AutoCloseable {
    private static final int HEADER_BYTES = 40;
    private static final int VERSION = 7;
    private static final int MINOR = 31;
    private static final int MINOR_MIN = 23;

    /** What is understood of what a kernel offers: larger requests, directory entries with their attributes. */
    private static final int CAPABILITIES = 1 | 1 << 3 | 1 << 5 | 1 << 13 | 1 << 14 | 1 << 18 | 1 << 22;
    private static final int DATA_BYTES_MAX = 1 << 18;
    private static final int PAGES_MAX = DATA_BYTES_MAX >> 12;

    /** How long, in seconds, the guest may take what it was told for still true. */
    private static final long VALID_SECONDS = 1;

    private static final int NAMES_MAX = 1 << 18;
    private static final int DIRECTORY_ENTRY_BYTES = 24;

    private static final int O_ACCESS = 3;
    private static final int O_WRONLY = 1;
    private static final int O_EXCL = 0200;
    private static final int O_TRUNC = 01000;

    private static final int SET_MODE = 1;
    private static final int SET_SIZE = 1 << 3;
    private static final int SET_ATIME = 1 << 4;
    private static final int SET_MTIME = 1 << 5;
    private static final int SET_BY_HANDLE = 1 << 6;
    private static final int SET_ATIME_NOW = 1 << 7;
    private static final int SET_MTIME_NOW = 1 << 8;
    private static final int RENAME_NOREPLACE = 1;

    private final Path root;
    private final boolean readOnly;
    private final Nodes nodes = new Nodes();
    private final Handles handles = new Handles();

    /** @throws IOException if it is no directory, or cannot be shared safely; the message is the end of a sentence */
    public SharedDirectory(Path directory, boolean readOnly) throws IOException {
        root = directory.toRealPath();
        this.readOnly = readOnly;
        HostDirectory.open(root, List.of()).close();
    }

    /** Answers a request. @return bytes of the answer; 0 if it has none */
    public int answer(byte[] request, int length, byte[] reply, int room) {
        Message in = new Message(request, length);
        Reply out = new Reply(reply, room);
        long unique = 0;
        try {
            in.skip(4);
            Opcode opcode = Opcode.of(in.u32());
            unique = in.u64();
            long node = in.u64();
            in.skip(HEADER_BYTES - in.at());
            if (opcode == Opcode.FORGET) {
                nodes.forget(node, in.u64());
                return 0;
            }
            if (opcode == Opcode.BATCH_FORGET) {
                forget(in);
                return 0;
            }
            answer(opcode, node, in, out);
            return out.finish(unique, 0);
        } catch (IOException e) {
            return out.finish(unique, Errno.of(e));
        } catch (NonReadableChannelException | NonWritableChannelException _) {
            return out.finish(unique, Errno.EBADF);
        } catch (SecurityException | UnsupportedOperationException | IllegalArgumentException _) {
            return out.finish(unique, Errno.EINVAL);
        }
    }

    /** What the guest knows: files by their numbers, and what it has open. */
    @Override
    public void save(StateWriter out) {
        out.flag("read-only", readOnly);
        nodes.save(out);
        handles.save(out);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        if (in.flag("read-only") != readOnly) {
            throw in.bad("is of a directory that " + (readOnly ? "could be written" : "could only be read"));
        }
        nodes.restore(in);
        handles.restore(in, this::reopen);
    }

    @Override
    public void close() throws IOException { handles.close(); }

    private FileChannel reopen(long node, boolean reads, boolean writes) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(LinkOption.NOFOLLOW_LINKS));
        if (reads) {
            options.add(StandardOpenOption.READ);
        }
        if (writes) {
            options.add(StandardOpenOption.WRITE);
        }
        return channel(nodes.get(node), options);
    }

    private void answer(Opcode opcode, long id, Message in, Reply out) throws IOException {
        if (readOnly && opcode.writes) {
            throw new Errno.Failure(Errno.EROFS);
        }
        switch (opcode) {
            case INIT -> begin(in, out);
            case LOOKUP -> entry(nodes.get(id), in.name(), out);
            case GETATTR -> attributes(nodes.get(id), out);
            case SETATTR -> setAttributes(nodes.get(id), in, out);
            case READLINK -> readLink(nodes.get(id), out);
            case SYMLINK -> symbolicLink(nodes.get(id), in, out);
            case MKNOD -> makeFile(nodes.get(id), in, out);
            case MKDIR -> makeDirectory(nodes.get(id), in, out);
            case UNLINK, RMDIR -> delete(nodes.get(id), in.name(), opcode == Opcode.RMDIR);
            case RENAME, RENAME2 -> rename(nodes.get(id), in, opcode == Opcode.RENAME2);
            case LINK -> link(nodes.get(id), in, out);
            case OPEN -> open(nodes.get(id), in, out);
            case CREATE -> create(nodes.get(id), in, out);
            case READ -> read(in, out);
            case WRITE -> write(in, out);
            case RELEASE -> handles.closeFile(in.u64());
            case FSYNC -> handles.file(in.u64()).force((in.u32() & 1) == 0);
            case OPENDIR -> openDirectory(nodes.get(id), out);
            case READDIR, READDIRPLUS -> readDirectory(nodes.get(id), in, out, opcode == Opcode.READDIRPLUS);
            case RELEASEDIR -> handles.closeDirectory(in.u64());
            case STATFS -> fileSystem(out);
            case FLUSH, FSYNCDIR, SYNCFS, ACCESS, DESTROY, INTERRUPT -> {}
            case FORGET, BATCH_FORGET, OTHER -> throw new Errno.Failure(Errno.ENOSYS);
        }
    }

    /** A guest that has begun anew knows nothing. */
    private void begin(Message in, Reply out) throws IOException {
        int major = in.u32();
        int minor = in.u32();
        int readAhead = in.u32();
        int offered = in.u32();
        if (major != VERSION || minor < MINOR_MIN) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        handles.close();
        out.u32(VERSION);
        out.u32(MINOR);
        out.u32(readAhead);
        out.u32(offered & CAPABILITIES);
        out.u32(12 << 16 | 16);          // requests in the background, and when they are many
        out.u32(DATA_BYTES_MAX);
        out.u32(1);                      // times in nanoseconds
        out.u32(PAGES_MAX);
        out.zeros(32);
    }

    private void forget(Message in) throws Errno.Failure {
        int count = in.u32();
        in.skip(4);
        while (count-- > 0) {
            nodes.forget(in.u64(), in.u64());
        }
    }

    private HostDirectory directory(Node node) throws IOException { return HostDirectory.open(root, nodes.path(node)); }

    private HostDirectory directoryOf(Node node) throws IOException {
        if (node.parent() == null) {
            throw new Errno.Failure(node.id == Nodes.ROOT ? Errno.EINVAL : Errno.ENOENT);
        }
        return directory(node.parent());
    }

    private PosixFileAttributes attributesOf(Node node) throws IOException {
        boolean top = node.id == Nodes.ROOT;
        try (HostDirectory directory = top ? directory(node) : directoryOf(node)) {
            return top ? directory.attributes() : directory.attributes(node.name());
        }
    }

    private void entry(Node parent, String name, Reply out) throws IOException {
        try (HostDirectory directory = directory(parent)) {
            entry(directory, parent, name, out);
        }
    }

    /** struct fuse_entry_out. @return the node's number */
    private long entry(HostDirectory directory, Node parent, String name, Reply out) throws IOException {
        PosixFileAttributes file = directory.attributes(name);
        long node = nodes.lookUp(parent, name).id;
        entry(file, node, out);
        return node;
    }

    private static void entry(PosixFileAttributes file, long node, Reply out) throws IOException {
        out.u64(node);
        out.u64(0);
        out.u64(VALID_SECONDS);
        out.u64(VALID_SECONDS);
        out.u64(0);
        Attributes.write(out, node, file);
    }

    private void attributes(Node node, Reply out) throws IOException {
        out.u64(VALID_SECONDS);
        out.u64(0);
        Attributes.write(out, node.id, attributesOf(node));
    }

    private void setAttributes(Node node, Message in, Reply out) throws IOException {
        int valid = in.u32();
        in.skip(4);
        long handle = in.u64();
        long size = in.u64();
        in.skip(8);
        long[] seconds = {in.u64(), in.u64()};
        in.skip(8);
        int[] nanos = {in.u32(), in.u32()};
        in.skip(4);
        int mode = in.u32();
        if ((valid & SET_SIZE) != 0) {
            resize(node, (valid & SET_BY_HANDLE) != 0, handle, size);
        }
        if (node.id != Nodes.ROOT) {
            try (HostDirectory directory = directoryOf(node)) {
                if ((valid & SET_MODE) != 0) {
                    directory.permissions(node.name(), mode);
                }
                FileTime read = time(valid, SET_ATIME, SET_ATIME_NOW, seconds[0], nanos[0]);
                FileTime written = time(valid, SET_MTIME, SET_MTIME_NOW, seconds[1], nanos[1]);
                if (read != null || written != null) {
                    directory.times(node.name()).setTimes(written, read, null);
                }
            }
        }
        attributes(node, out);
    }

    /** Null for a time that stays, as the platform wants it. */
    private static FileTime time(int valid, int given, int now, long seconds, int nanos) {
        if ((valid & now) != 0) {
            return FileTime.from(Instant.now());
        }
        return (valid & given) == 0 ? null : FileTime.from(Instant.ofEpochSecond(Math.clamp(seconds, -1L << 40, 1L << 40), nanos & 0x3fff_ffff));
    }

    private void resize(Node node, boolean byHandle, long handle, long size) throws IOException {
        if (size < 0) {
            throw new Errno.Failure(Errno.EFBIG);
        }
        if (byHandle) {
            resize(handles.file(handle), size);
        } else {
            try (FileChannel file = channel(node, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                resize(file, size);
            }
        }
    }

    private static void resize(FileChannel file, long size) throws IOException {
        if (size < file.size()) {
            file.truncate(size);
        } else if (size > file.size()) {
            file.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    private void readLink(Node node, Reply out) throws IOException {
        try (HostDirectory directory = directoryOf(node)) {
            out.bytes(directory.readSymbolicLink(node.name()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void symbolicLink(Node parent, Message in, Reply out) throws IOException {
        String name = in.name();
        String target = in.text();
        try (HostDirectory directory = directory(parent)) {
            directory.makeSymbolicLink(name, target);
            entry(directory, parent, name, out);
        }
    }

    private void makeFile(Node parent, Message in, Reply out) throws IOException {
        int mode = in.u32();
        in.skip(12);
        String name = in.name();
        if (mode >>> 12 != Attributes.TYPE_FILE) {
            throw new Errno.Failure(Errno.EOPNOTSUPP);
        }
        try (HostDirectory directory = directory(parent)) {
            directory.open(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS), mode).close();
            entry(directory, parent, name, out);
        }
    }

    private void makeDirectory(Node parent, Message in, Reply out) throws IOException {
        int mode = in.u32();
        in.skip(4);
        String name = in.name();
        try (HostDirectory directory = directory(parent)) {
            directory.makeDirectory(name, mode);
            entry(directory, parent, name, out);
        }
    }

    private void delete(Node parent, String name, boolean isDirectory) throws IOException {
        try (HostDirectory directory = directory(parent)) {
            if (isDirectory) {
                directory.deleteDirectory(name);
            } else {
                directory.deleteFile(name);
            }
        }
        nodes.deleted(parent, name);
    }

    private void rename(Node from, Message in, boolean flagged) throws IOException {
        Node to = nodes.get(in.u64());
        int flags = flagged ? in.u32() : 0;
        in.skip(flagged ? 4 : 0);
        String name = in.name();
        String newName = in.name();
        if ((flags & ~RENAME_NOREPLACE) != 0) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        try (HostDirectory source = directory(from); HostDirectory target = directory(to)) {
            if ((flags & RENAME_NOREPLACE) != 0 && exists(target, newName)) {
                throw new Errno.Failure(Errno.EEXIST);
            }
            source.move(name, target, newName);
        }
        nodes.renamed(from, name, to, newName);
    }

    private static boolean exists(HostDirectory directory, String name) throws IOException {
        try {
            directory.attributes(name);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private void link(Node parent, Message in, Reply out) throws IOException {
        Node existing = nodes.get(in.u64());
        String name = in.name();
        try (HostDirectory directory = directory(parent); HostDirectory other = directoryOf(existing)) {
            directory.makeLink(name, other, existing.name());
            entry(directory, parent, name, out);
        }
    }

    private void open(Node node, Message in, Reply out) throws IOException {
        int flags = in.u32();
        Set<OpenOption> options = options(flags);
        if ((flags & O_TRUNC) != 0 && options.contains(StandardOpenOption.WRITE)) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        handle(channel(node, options), node.id, options, out);
    }

    private void create(Node parent, Message in, Reply out) throws IOException {
        int flags = in.u32();
        int mode = in.u32();
        in.skip(8);
        String name = in.name();
        Set<OpenOption> options = options(flags);
        options.add(StandardOpenOption.WRITE);
        options.add((flags & O_EXCL) != 0 ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
        if ((flags & O_TRUNC) != 0) {
            options.add(StandardOpenOption.TRUNCATE_EXISTING);
        }
        requireRoom();
        try (HostDirectory directory = directory(parent)) {
            if (exists(directory, name)) {
                requireFile(directory.attributes(name));
            }
            FileChannel file = directory.open(name, options, mode);
            boolean kept = false;
            try {
                handle(file, entry(directory, parent, name, out), options, out);
                kept = true;
            } finally {
                if (!kept) {
                    file.close();
                }
            }
        }
    }

    /** The guest's kernel appends by itself; whoever writes may have to read the rest of a page. */
    private Set<OpenOption> options(int flags) throws Errno.Failure {
        Set<OpenOption> options = new HashSet<>(Set.of(LinkOption.NOFOLLOW_LINKS));
        boolean writes = (flags & O_ACCESS) != 0;
        if (writes && readOnly) {
            throw new Errno.Failure(Errno.EROFS);
        }
        if (writes) {
            options.add(StandardOpenOption.WRITE);
        }
        if ((flags & O_ACCESS) != O_WRONLY) {
            options.add(StandardOpenOption.READ);
        }
        return options;
    }

    private FileChannel channel(Node node, Set<OpenOption> options) throws IOException {
        requireRoom();
        try (HostDirectory directory = directoryOf(node)) {
            requireFile(directory.attributes(node.name()));
            return directory.open(node.name(), options, 0);
        }
    }

    /** To open a pipe waits for its other end, and a device may do anything. */
    private static void requireFile(PosixFileAttributes file) throws Errno.Failure {
        if (!file.isRegularFile()) {
            throw new Errno.Failure(file.isDirectory() ? Errno.EISDIR : file.isSymbolicLink() ? Errno.ELOOP : Errno.EACCES);
        }
    }

    private void requireRoom() throws Errno.Failure {
        if (!handles.hasRoomForFile()) {
            throw new Errno.Failure(Errno.ENFILE);
        }
    }

    private void handle(FileChannel file, long node, Set<OpenOption> options, Reply out) throws IOException {
        out.u64(handles.add(new Handles.OpenFile(file, node, options.contains(StandardOpenOption.READ),
                options.contains(StandardOpenOption.WRITE))));
        out.u64(0);
    }

    private void read(Message in, Reply out) throws IOException {
        FileChannel file = handles.file(in.u64());
        long offset = in.u64();
        int size = (int) Math.min(in.u32() & 0xffff_ffffL, out.left());
        if (offset < 0) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        ByteBuffer data = ByteBuffer.wrap(out.bytes, out.at(), size);
        int last = 0;
        while (data.hasRemaining() && last >= 0) {
            last = file.read(data, offset + size - data.remaining());
        }
        out.filled(size - data.remaining());
    }

    private void write(Message in, Reply out) throws IOException {
        FileChannel file = handles.file(in.u64());
        long offset = in.u64();
        int size = in.u32();
        in.skip(20);
        if (offset < 0 || size < 0 || size > in.left()) {
            throw new Errno.Failure(Errno.EINVAL);
        }
        ByteBuffer data = ByteBuffer.wrap(in.bytes, in.at(), size);
        while (data.hasRemaining()) {
            file.write(data, offset + size - data.remaining());
        }
        out.u32(size);
        out.u32(0);
    }

    private void openDirectory(Node node, Reply out) throws IOException {
        try (HostDirectory directory = directory(node)) {
            out.u64(handles.add(directory.names(NAMES_MAX).stream().sorted().toList()));
            out.u64(0);
        }
    }

    private void readDirectory(Node node, Message in, Reply out, boolean withAttributes) throws IOException {
        List<String> names = handles.directory(in.u64());
        long offset = in.u64();
        int size = (int) Math.min(in.u32() & 0xffff_ffffL, out.left());
        int end = out.at() + size;
        try (HostDirectory directory = directory(node)) {
            for (int i = (int) Math.clamp(offset, 0, names.size()); i < names.size(); i++) {
                byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
                int start = out.at();
                int bytes = (withAttributes ? 128 : 0) + DIRECTORY_ENTRY_BYTES + (name.length + 7 & -8);
                if (start + bytes > end) {
                    return;
                }
                try {
                    directoryEntry(directory, node, names.get(i), i + 1, out, withAttributes);
                } catch (NoSuchFileException _) {
                    out.cut(start);      // deleted since
                }
            }
        }
    }

    private void directoryEntry(HostDirectory directory, Node parent, String name, long next, Reply out, boolean withAttributes)
            throws IOException {
        PosixFileAttributes file = directory.attributes(name);
        if (withAttributes) {
            entry(file, nodes.lookUp(parent, name).id, out);
        }
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        out.u64(next + Nodes.ROOT);
        out.u64(next);
        out.u32(text.length);
        out.u32(Attributes.type(file));
        out.bytes(text);
        out.zeros(-text.length & 7);
    }

    private void fileSystem(Reply out) throws IOException {
        FileStore store = Files.getFileStore(root);
        long block = 4096;
        out.u64(store.getTotalSpace() / block);
        out.u64(store.getUnallocatedSpace() / block);
        out.u64(store.getUsableSpace() / block);
        out.u64(0);
        out.u64(0);
        out.u32((int) block);
        out.u32(255);
        out.u32((int) block);
        out.zeros(28);
    }
}
