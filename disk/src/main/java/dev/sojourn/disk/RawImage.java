package dev.sojourn.disk;

import java.io.IOException;

/** A raw image: byte for byte what is on the disk. */
final class RawImage implements DiskImage {
    private static final int ZERO_BYTES = 1 << 16;

    private final DiskFile file;
    private final long bytes;
    private final byte[] zeros = new byte[ZERO_BYTES];
    private final byte[] there = new byte[ZERO_BYTES];

    RawImage(DiskFile file) throws BadDisk, IOException {
        this.file = file;
        bytes = file.bytes();
        if (bytes == 0 || bytes % SECTOR_BYTES != 0) {
            throw new BadDisk("The disk image " + file.path() + " is " + (bytes == 0 ? "empty" : "not a whole number of sectors")
                    + "; give it a size by 'truncate -s 1G' or the like.");
        }
    }

    @Override
    public long bytes() { return bytes; }

    @Override
    public boolean readOnly() { return file.readOnly(); }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
        file.read(position, target, offset, length);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
        file.write(position, source, offset, length);
    }

    /** What is zero already is not written, so that a hole in the file remains one. */
    @Override
    public void zero(long position, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int part = (int) Math.min(ZERO_BYTES, length - done);
            file.read(position + done, there, 0, part);
            if (!Zeros.all(there, 0, part)) {
                file.write(position + done, zeros, 0, part);
            }
            done += part;
        }
    }

    /** The platform has no way to give back part of a file. */
    @Override
    public void discard(long position, long length) {}

    @Override
    public void flush() throws IOException {
        if (!readOnly()) {
            file.force();
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            flush();
        }
    }
}
