package dev.sojourn.device;

/** A device in guest-physical memory. Offsets count from the start of its window. */
public interface MemoryDevice {
    /** @param size 1, 2, 4 or 8 bytes; the value's upper bits are ignored */
    long read(long offset, int size);

    /** @param value {@code size} bytes, upper bits zero */
    void write(long offset, int size, long value);
}
