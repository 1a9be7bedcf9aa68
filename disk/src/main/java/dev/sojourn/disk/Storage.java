package dev.sojourn.disk;

import java.io.IOException;

/** The bytes of an image's file, as a format sees them. */
public interface Storage extends AutoCloseable {
    /** By which users know it. */
    String name();

    boolean readOnly();

    long bytes() throws IOException;

    /** Reads a range; what lies behind the end of the file reads as zeros. */
    void readPadded(long position, byte[] target, int offset, int length) throws IOException;

    /** Writes a range, which may begin at the end of the file or behind it. */
    void write(long position, byte[] source, int offset, int length) throws IOException;

    /** Makes durable what was written before. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
