package dev.sojourn.device.virtio.queue;

import dev.sojourn.memory.GuestMemory;

/**
 * One request of the driver: the buffers of a descriptor chain, first those the device reads, then those it writes.
 *
 * <p>Reads and writes go through the buffers in order, each byte once. A device keeps a chain object and has it filled
 * again and again by {@link Virtqueue#take}.
 */
public final class Chain {
    /**
     * The most buffers in a chain. Drivers put more buffers in an indirect table than their queue has entries, although
     * section 2.7.5.3.1 tells them not to; this is 4 MiB in single pages.
     */
    public static final int SEGMENTS_MAX = 1024;

    private final long[] addresses = new long[SEGMENTS_MAX];
    private final long[] lengths = new long[SEGMENTS_MAX];
    private final byte[] table = new byte[SEGMENTS_MAX * Virtqueue.DESCRIPTOR_BYTES];
    private GuestMemory memory;
    private int head;
    private int readableSegments;
    private int segments;
    private long readable;
    private long writable;

    private int readSegment;
    private long readOffset;
    private int writeSegment;
    private long writeOffset;
    private int written;

    /** Bytes that the device may still read. */
    public long readable() { return readable; }

    /** Bytes that the device may still write. */
    public long writable() { return writable; }

    /** Bytes the device wrote so far. */
    public int written() { return written; }

    /**
     * Copies what comes next out of the driver's buffers.
     *
     * @return bytes copied, fewer than asked for only at the end
     */
    public int read(byte[] target, int offset, int length) {
        int wanted = (int) Math.min(length, readable);
        for (int done = 0; done < wanted; ) {
            int part = (int) Math.min(wanted - done, lengths[readSegment] - readOffset);
            memory.read(addresses[readSegment] + readOffset, target, offset + done, part);
            done += part;
            readOffset += part;
            if (readOffset == lengths[readSegment]) {
                readSegment++;
                readOffset = 0;
            }
        }
        readable -= wanted;
        return wanted;
    }

    /** Copies into the driver's buffers. @return bytes copied, fewer than asked for only if they are full */
    public int write(byte[] source, int offset, int length) {
        int wanted = (int) Math.min(Math.min(length, writable), Integer.MAX_VALUE - written);
        for (int done = 0; done < wanted; ) {
            int part = (int) Math.min(wanted - done, lengths[writeSegment] - writeOffset);
            memory.write(addresses[writeSegment] + writeOffset, source, offset + done, part);
            done += part;
            writeOffset += part;
            if (writeOffset == lengths[writeSegment]) {
                writeSegment++;
                writeOffset = 0;
            }
        }
        writable -= wanted;
        written += wanted;
        return wanted;
    }

    /** Leaves the next bytes of the driver's buffers as they are, which count as written. */
    public void skip(long length) {
        long wanted = Math.min(Math.min(length, writable), Integer.MAX_VALUE - written);
        for (long done = 0; done < wanted; ) {
            long part = Math.min(wanted - done, lengths[writeSegment] - writeOffset);
            done += part;
            writeOffset += part;
            if (writeOffset == lengths[writeSegment]) {
                writeSegment++;
                writeOffset = 0;
            }
        }
        writable -= wanted;
        written += (int) wanted;
    }

    int head() { return head; }

    /** Room for a copy of an indirect table, which the driver cannot change while it is walked. */
    byte[] table() { return table; }

    /** Begins a new chain without buffers. */
    void begin(GuestMemory memory, int head) {
        this.memory = memory;
        this.head = head;
        readableSegments = 0;
        segments = 0;
        readable = 0;
        writable = 0;
        written = 0;
    }

    /** Adds the buffer of a descriptor. @return false if the driver may not do that */
    boolean add(long address, long length, boolean deviceWrites) {
        if (segments == SEGMENTS_MAX || !memory.isRam(address, length)) {
            return false;
        }
        // Section 2.7.4.2: all device-readable buffers come before the device-writable ones.
        if (!deviceWrites && segments > readableSegments) {
            return false;
        }
        if (length == 0) {
            return true;
        }
        addresses[segments] = address;
        lengths[segments] = length;
        segments++;
        if (deviceWrites) {
            writable += length;
        } else {
            readableSegments++;
            readable += length;
        }
        return true;
    }

    /** All buffers are there: reading and writing start at their beginnings. */
    void end() {
        readSegment = 0;
        readOffset = 0;
        writeSegment = readableSegments;
        writeOffset = 0;
    }
}
