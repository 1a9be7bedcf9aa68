package dev.sojourn.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** A file of the host that is a disk image or part of one, locked against other users of it. */
final class DiskFile implements Storage {
    private static final long READERS_LOCK = 1L << 60;

    private final Path path;
    private final FileChannel channel;
    private final boolean readOnly;

    private DiskFile(Path path, FileChannel channel, boolean readOnly) {
        this.path = path;
        this.channel = channel;
        this.readOnly = readOnly;
    }

    /**
     * Whoever writes is alone and locks all; readers may be many, also in this JVM, where locks may not overlap: each locks a byte of
     * its own, far behind the end of the file.
     */
    static DiskFile open(Path path, boolean readOnly) throws BadDisk {
        if (!Files.exists(path)) {
            throw new BadDisk("There is no disk image at " + path + "; check the path.");
        }
        if (!Files.isRegularFile(path)) {
            throw new BadDisk("The disk image " + path + " is not a regular file.");
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(path, readOnly ? Set.of(StandardOpenOption.READ)
                    : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
            FileLock lock = readOnly ? channel.tryLock(READERS_LOCK + ThreadLocalRandom.current().nextLong(READERS_LOCK), 1, true)
                    : channel.tryLock(0, Long.MAX_VALUE, false);
            if (lock == null) {
                throw inUse(path, readOnly);
            }
            taken = true;
            return new DiskFile(path, channel, readOnly);
        } catch (OverlappingFileLockException _) {
            throw inUse(path, readOnly);
        } catch (IOException e) {
            throw new BadDisk("The disk image " + path + " cannot be opened: " + reason(e)
                    + (readOnly ? "." : "; readonly=yes needs no right to write it."));
        } finally {
            if (!taken && channel != null) {
                closeQuietly(channel);
            }
        }
    }

    Path path() { return path; }

    @Override
    public String name() { return path.toString(); }

    @Override
    public boolean readOnly() { return readOnly; }

    @Override
    public long bytes() throws IOException { return channel.size(); }

    /** Reads all of a range that must be there. */
    void read(long position, byte[] target, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + length - buffer.remaining()) < 0) {
                throw new EOFException("The file is shorter than it was");
            }
        }
    }

    @Override
    public void readPadded(long position, byte[] target, int offset, int length) throws IOException {
        int there = (int) Math.clamp(bytes() - position, 0, length);
        read(position, target, offset, there);
        Arrays.fill(target, offset + there, offset + length, (byte) 0);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer, position + length - buffer.remaining());
        }
    }

    @Override
    public void force() throws IOException { channel.force(false); }

    @Override
    public void close() throws IOException { channel.close(); }

    static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private static BadDisk inUse(Path path, boolean readOnly) {
        return new BadDisk("The disk image " + path + " is in use; "
                + (readOnly ? "somebody writes it." : "only readonly=yes shares one, and only among readers."));
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // What made it useless is being told already.
        }
    }
}
