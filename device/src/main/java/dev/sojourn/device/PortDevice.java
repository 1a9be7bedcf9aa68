package dev.sojourn.device;

/** A device in the I/O port space. Offsets count from the first port of the range it was given. */
public interface PortDevice {
    /** @param size 1, 2 or 4 bytes; the value's upper bits are ignored. An undriven bus reads as ones. */
    int in(int offset, int size);

    /** @param value {@code size} bytes, upper bits zero */
    void out(int offset, int size, int value);
}
