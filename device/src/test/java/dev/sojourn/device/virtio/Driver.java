package dev.sojourn.device.virtio;

import dev.sojourn.device.MemoryDevice;
import dev.sojourn.device.virtio.mmio.MmioTransport;
import dev.sojourn.memory.GuestMemory;

/** A guest's virtio-mmio driver: it knows the device by its registers, its interrupt line and shared memory alone. */
public final class Driver {
    public static final long INDIRECT_DESC = 1L << 28;
    public static final long EVENT_IDX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;

    public static final int ACKNOWLEDGE_DRIVER = 3;
    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    public static final int NEEDS_RESET = 0x40;

    private static final long RINGS_START = 0x10_0000;

    public final GuestMemory memory;
    public final MemoryDevice registers;
    private boolean line;
    private int interrupts;
    private long free = RINGS_START;
    private long features;

    public Driver(GuestMemory memory, VirtioDevice device) {
        this.memory = memory;
        registers = new MmioTransport(memory, device, this::line);
    }

    public int get(int register) { return (int) registers.read(register, 4); }

    public void set(int register, int value) { registers.write(register, 4, value & 0xffff_ffffL); }

    public int status() { return get(0x070); }

    public boolean line() { return line; }

    /** How often the line rose. */
    public int interrupts() { return interrupts; }

    public boolean negotiated(long feature) { return (features & feature) != 0; }

    /** As a kernel's interrupt handler: reads the status, acknowledges it. */
    public int acknowledge() {
        int status = get(0x060);
        set(0x064, status);
        return status;
    }

    public long offeredFeatures() {
        set(0x014, 1);
        long high = get(0x010);
        set(0x014, 0);
        return high << 32 | get(0x010) & 0xffff_ffffL;
    }

    /** Resets and negotiates. @return whether the device agreed */
    public boolean negotiate(long features) {
        this.features = features;
        free = RINGS_START;
        set(0x070, 0);
        set(0x070, 1);
        set(0x070, ACKNOWLEDGE_DRIVER);
        set(0x024, 1);
        set(0x020, (int) (features >>> 32));
        set(0x024, 0);
        set(0x020, (int) features);
        set(0x070, ACKNOWLEDGE_DRIVER | FEATURES_OK);
        return (status() & FEATURES_OK) != 0;
    }

    public void driverOk() { set(0x070, ACKNOWLEDGE_DRIVER | FEATURES_OK | DRIVER_OK); }

    /** Sets a queue up with as many entries as it may have. */
    public Ring ring(int queue) {
        set(0x030, queue);
        return ring(queue, get(0x034));
    }

    public Ring ring(int queue, int size) {
        Ring ring = new Ring(this, queue, size, allocate(16L * size), allocate(6 + 2L * size), allocate(6 + 8L * size));
        set(0x030, queue);
        set(0x038, size);
        set(0x080, (int) ring.descriptors);
        set(0x084, (int) (ring.descriptors >>> 32));
        set(0x090, (int) ring.available);
        set(0x094, (int) (ring.available >>> 32));
        set(0x0a0, (int) ring.used);
        set(0x0a4, (int) (ring.used >>> 32));
        set(0x044, 1);
        return ring;
    }

    /** Memory for a ring or a buffer, cleared, aligned to 64 bytes; all of it is free again after a reset. */
    public long allocate(long bytes) {
        long at = free;
        free += bytes + 63 & ~63L;
        memory.clear(at, bytes);
        return at;
    }

    private void line(boolean high) {
        interrupts += high && !line ? 1 : 0;
        line = high;
    }
}
