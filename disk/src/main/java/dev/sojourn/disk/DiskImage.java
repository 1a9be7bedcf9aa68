package dev.sojourn.disk;

import java.io.IOException;

/**
 * A disk in a file. Used by one thread at a time.
 *
 * <p>Positions and lengths are multiples of {@link #SECTOR_BYTES} within the disk, which callers see to.
 */
public interface DiskImage extends AutoCloseable {
    int SECTOR_BYTES = 512;

    long bytes();

    boolean readOnly();

    void read(long position, byte[] target, int offset, int length) throws IOException;

    void write(long position, byte[] source, int offset, int length) throws IOException;

    /** Makes a range read as zeros. */
    void zero(long position, long length) throws IOException;

    /** What a range holds is no longer of use. */
    void discard(long position, long length) throws IOException;

    /** Makes durable what was written before: it outlives this process and the host. */
    void flush() throws IOException;

    /** Flushes, and lets go of the file. */
    @Override
    void close() throws IOException;
}
