package dev.sojourn.interfaces.xen;

import dev.sojourn.device.MemoryDevice;
import dev.sojourn.memory.GuestMemory;

/** A page of the grant table: in RAM that the guest does not own, or where the guest placed it outside of all RAM. */
public interface GrantFrame {
    int getInt(int offset);

    void putInt(int offset, int value);

    /** One in RAM. */
    record InRam(GuestMemory memory, long at) implements GrantFrame {
        @Override
        public int getInt(int offset) { return memory.getInt(at + offset); }

        @Override
        public void putInt(int offset, int value) { memory.putInt(at + offset, value); }
    }

    /** One of our own, which a window shows the guest. */
    final class Held implements GrantFrame, MemoryDevice {
        private final byte[] bytes;

        public Held() { this(new byte[GuestMemory.PAGE_BYTES]); }

        /** @param bytes a page of them */
        public Held(byte[] bytes) { this.bytes = bytes.clone(); }

        public byte[] toBytes() { return bytes.clone(); }

        @Override
        public int getInt(int offset) { return (int) read(offset, 4); }

        @Override
        public void putInt(int offset, int value) { write(offset, 4, value); }

        @Override
        public long read(long offset, int size) {
            long value = 0;
            for (int i = size - 1; i >= 0; i--) {
                value = value << 8 | bytes[(int) offset + i] & 0xff;
            }
            return value;
        }

        @Override
        public void write(long offset, int size, long value) {
            for (int i = 0; i < size; i++) {
                bytes[(int) offset + i] = (byte) (value >>> 8 * i);
            }
        }
    }
}
