package dev.sojourn.device.bus;

import dev.sojourn.device.MemoryDevice;
import java.util.Arrays;

/** The memory windows of a machine's devices, by guest-physical address. */
public final class MemoryMap {
    private Window[] windows = {};
    private Window last = new Window(0, 0, null);

    /** A map without windows. */
    public MemoryMap() {}

    /** Opens a window; it must not overlap another. */
    public void open(long first, long bytes, MemoryDevice device) {
        if (first < 0 || bytes < 1 || first > Long.MAX_VALUE - bytes) {
            throw new IllegalArgumentException("No such window: " + Long.toHexString(first) + " + " + bytes);
        }
        int place = upTo(first + bytes - 1) + 1;
        if (place > 0 && windows[place - 1].first + windows[place - 1].bytes > first) {
            throw new IllegalArgumentException("Window at " + Long.toHexString(first) + " is taken");
        }
        Window[] more = Arrays.copyOf(windows, windows.length + 1);
        System.arraycopy(windows, place, more, place + 1, windows.length - place);
        more[place] = new Window(first, bytes, device);
        windows = more;
    }

    /** Closes the window that begins at an address, as when a guest moves a base address register; none is no error. */
    public void close(long first) {
        windows = Arrays.stream(windows).filter(window -> window.first != first).toArray(Window[]::new);
        last = new Window(0, 0, null);
    }

    /** Whether some device answers at the address. */
    public boolean claims(long address) { return find(address) != null; }

    /** @param size 1, 2, 4 or 8 bytes; the upper bits of the result are zero */
    public long read(long address, int size) {
        Window window = find(address);
        if (window != null && window.holds(address, size)) {
            return window.device.read(address - window.first, size) & ones(size);
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            Window part = find(address + i);
            long piece = part == null ? 0xff : part.device.read(address + i - part.first, 1) & 0xff;
            value |= piece << 8 * i;
        }
        return value;
    }

    /** @param size 1, 2, 4 or 8 bytes */
    public void write(long address, int size, long value) {
        Window window = find(address);
        if (window != null && window.holds(address, size)) {
            window.device.write(address - window.first, size, value & ones(size));
            return;
        }
        for (int i = 0; i < size; i++) {
            Window part = find(address + i);
            if (part != null) {
                part.device.write(address + i - part.first, 1, value >>> 8 * i & 0xff);
            }
        }
    }

    private Window find(long address) {
        if (last.holds(address, 1)) {
            return last;
        }
        int place = upTo(address);
        if (place < 0 || !windows[place].holds(address, 1)) {
            return null;
        }
        last = windows[place];
        return last;
    }

    /** The last window that begins at or below the address; -1 if there is none. */
    private int upTo(long address) {
        int low = 0;
        int high = windows.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (windows[middle].first <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private static long ones(int size) { return size == 8 ? -1 : (1L << 8 * size) - 1; }

    private record Window(long first, long bytes, MemoryDevice device) {
        boolean holds(long address, int size) {
            long offset = address - first;
            return offset >= 0 && offset <= bytes - size;
        }
    }
}
