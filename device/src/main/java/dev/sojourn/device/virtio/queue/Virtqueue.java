package dev.sojourn.device.virtio.queue;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A split virtqueue, seen from the device.
 *
 * <p>Implementation notes. The transport sets size and addresses while the queue is not ready; they are proved once,
 * when it becomes ready, since RAM does not move. Indices count modulo 65,536 as the rings do. Order towards other
 * processors: the available index is read before what it announces, a used element is written before the index that
 * announces it, and the index before the driver's wish for an interrupt is read.
 */
public final class Virtqueue {
    /** The largest queue: both rings fit a page, and a driver that fills a queue with pages binds a megabyte. */
    public static final int SIZE_MAX = 256;

    /** The three parts of a queue (section 2.7). */
    public enum Area { DESCRIPTORS, DRIVER, DEVICE }

    static final int DESCRIPTOR_BYTES = 16;

    private static final int DESC_F_NEXT = 1;
    private static final int DESC_F_WRITE = 2;
    private static final int DESC_F_INDIRECT = 4;
    private static final int AVAIL_F_NO_INTERRUPT = 1;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final GuestMemory memory;
    private final QueueEvents events;
    private final int sizeMax;
    private final long[] areas = new long[Area.values().length];

    private int size;
    private boolean ready;
    private boolean running;
    private boolean indirect;
    private boolean eventIndex;

    private long descriptors;
    private long available;
    private long used;
    private int availableIndex;
    private int usedIndex;
    private int signalledIndex;

    /** @param sizeMax a power of two up to {@link #SIZE_MAX} */
    public Virtqueue(GuestMemory memory, QueueEvents events, int sizeMax) {
        if (sizeMax < 1 || sizeMax > SIZE_MAX || Integer.bitCount(sizeMax) != 1) {
            throw new IllegalArgumentException("Queue size out of range: " + sizeMax);
        }
        this.memory = Objects.requireNonNull(memory);
        this.events = Objects.requireNonNull(events);
        this.sizeMax = sizeMax;
    }

    /** Whether the driver offers a chain. If not, it is asked to notify when it does. */
    public boolean hasNext() {
        if (!running || !ready) {
            return false;
        }
        int offered = offered();
        if (offered == 0 && eventIndex) {
            memory.putShort(used + 4 + 8L * size, availableIndex);
            VarHandle.fullFence();
            offered = offered();
        }
        if (offered > size) {
            fail();
            return false;
        }
        return offered != 0;
    }

    /** Takes the next chain. @return false if there is none, or if the driver broke a rule */
    public boolean take(Chain chain) {
        if (!hasNext()) {
            return false;
        }
        int head = memory.getShort(available + 4 + 2L * (availableIndex & size - 1));
        if (!walk(chain, head)) {
            fail();
            return false;
        }
        availableIndex = availableIndex + 1 & 0xffff;
        return true;
    }

    /** Takes back that the last so many chains were taken; the driver learned nothing of it. */
    public void giveBack(int chains) { availableIndex = availableIndex - chains & 0xffff; }

    /** Gives a chain that was taken back to the driver, with what was written to it. */
    public void put(Chain chain) {
        if (!running || !ready) {
            return;
        }
        long element = used + 4 + 8L * (usedIndex & size - 1);
        memory.putInt(element, chain.head());
        memory.putInt(element + 4, chain.written());
        usedIndex = usedIndex + 1 & 0xffff;
        VarHandle.releaseFence();
        memory.putShort(used + 2, usedIndex);
    }

    /** Interrupts the driver if chains were put back since the last time and it wants to know (section 2.7.7). */
    public void signal() {
        if (!running || !ready || usedIndex == signalledIndex) {
            return;
        }
        VarHandle.fullFence();
        boolean wanted;
        if (eventIndex) {
            int usedEvent = memory.getShort(available + 4 + 2L * size);
            wanted = (usedIndex - usedEvent - 1 & 0xffff) < (usedIndex - signalledIndex & 0xffff);
        } else {
            wanted = (memory.getShort(available) & AVAIL_F_NO_INTERRUPT) == 0;
        }
        signalledIndex = usedIndex;
        if (wanted) {
            events.used();
        }
    }

    /** The driver broke a rule: the transport stops the device. */
    public void fail() { events.broken(); }

    public int sizeMax() { return sizeMax; }

    public boolean ready() { return ready; }

    /** Sets the number of entries; ignored once the queue is ready. */
    public void size(int size) {
        if (!ready) {
            this.size = size;
        }
    }

    /** Sets one half of an area's address; ignored once the queue is ready. */
    public void address(Area area, boolean high, int half) {
        if (ready) {
            return;
        }
        long old = areas[area.ordinal()];
        areas[area.ordinal()] = high
                ? old & 0xffff_ffffL | (long) half << 32
                : old & ~0xffff_ffffL | half & 0xffff_ffffL;
    }

    /**
     * The driver finished setting up the queue, or takes it away. A queue that is set up badly does not become ready.
     */
    public void ready(boolean ready) {
        if (!ready || this.ready) {
            this.ready = ready;
            return;
        }
        if (!wellFormed()) {
            fail();
            return;
        }
        availableIndex = 0;
        usedIndex = 0;
        signalledIndex = 0;
        this.ready = true;
    }

    /** What was negotiated about rings. */
    public void features(boolean indirect, boolean eventIndex) {
        this.indirect = indirect;
        this.eventIndex = eventIndex;
    }

    /** Whether the device may use the queue: from DRIVER_OK until something is broken or the device is reset. */
    public void running(boolean running) { this.running = running; }

    public void reset() {
        running = false;
        ready = false;
        size = 0;
        Arrays.fill(areas, 0);
        features(false, false);
    }

    public void save(StateWriter out) {
        out.number("size", size).flag("ready", ready).flag("running", running).flag("indirect", indirect);
        out.flag("event-index", eventIndex).numbers("areas", areas).number("available-index", availableIndex);
        out.number("used-index", usedIndex).number("signalled-index", signalledIndex);
    }

    public void restore(StateReader in) throws BadState {
        size = in.number32("size");
        System.arraycopy(in.numbersOf("areas", areas.length), 0, areas, 0, areas.length);
        ready = in.flag("ready");
        if (ready && !wellFormed()) {
            throw in.bad("is in use and not well formed");
        }
        running = in.flag("running");
        features(in.flag("indirect"), in.flag("event-index"));
        availableIndex = in.number("available-index", 0, 0xffff);
        usedIndex = in.number("used-index", 0, 0xffff);
        signalledIndex = in.number("signalled-index", 0, 0xffff);
    }

    private int offered() {
        int index = memory.getShort(available + 2);
        VarHandle.acquireFence();
        return index - availableIndex & 0xffff;
    }

    /** Sections 2.7 and 2.7.10: size, alignment and place of the three areas. */
    private boolean wellFormed() {
        descriptors = areas[Area.DESCRIPTORS.ordinal()];
        available = areas[Area.DRIVER.ordinal()];
        used = areas[Area.DEVICE.ordinal()];
        return size >= 1 && size <= sizeMax && Integer.bitCount(size) == 1
                && descriptors % DESCRIPTOR_BYTES == 0 && memory.isRam(descriptors, (long) DESCRIPTOR_BYTES * size)
                && available % 2 == 0 && memory.isRam(available, 6 + 2L * size)
                && used % 4 == 0 && memory.isRam(used, 6 + 8L * size);
    }

    private boolean walk(Chain chain, int head) {
        chain.begin(memory, head);
        int index = head;
        for (int left = size; left > 0; left--) {
            if (index >= size) {
                return false;
            }
            long at = descriptors + (long) DESCRIPTOR_BYTES * index;
            long address = memory.getLong(at);
            long rest = memory.getLong(at + 8);
            int flags = flags(rest);
            if ((flags & DESC_F_INDIRECT) != 0) {
                return indirect && (flags & DESC_F_NEXT) == 0 && walkIndirect(chain, address, length(rest));
            }
            if (!chain.add(address, length(rest), (flags & DESC_F_WRITE) != 0)) {
                return false;
            }
            if ((flags & DESC_F_NEXT) == 0) {
                chain.end();
                return true;
            }
            index = next(rest);
        }
        return false;                    // more descriptors than the queue has: a loop
    }

    /** Section 2.7.5.3: the table takes the place of the rest of the chain and is walked from its first entry. */
    private boolean walkIndirect(Chain chain, long address, long bytes) {
        byte[] table = chain.table();
        if (bytes == 0 || bytes % DESCRIPTOR_BYTES != 0 || bytes > table.length || !memory.isRam(address, bytes)) {
            return false;
        }
        memory.read(address, table, 0, (int) bytes);
        int entries = (int) bytes / DESCRIPTOR_BYTES;
        int index = 0;
        for (int left = entries; left > 0; left--) {
            if (index >= entries) {
                return false;
            }
            long rest = (long) LONGS.get(table, index * DESCRIPTOR_BYTES + 8);
            int flags = flags(rest);
            if ((flags & DESC_F_INDIRECT) != 0
                    || !chain.add((long) LONGS.get(table, index * DESCRIPTOR_BYTES), length(rest),
                            (flags & DESC_F_WRITE) != 0)) {
                return false;
            }
            if ((flags & DESC_F_NEXT) == 0) {
                chain.end();
                return true;
            }
            index = next(rest);
        }
        return false;
    }

    private static long length(long rest) { return rest & 0xffff_ffffL; }

    private static int flags(long rest) { return (int) (rest >>> 32) & 0xffff; }

    private static int next(long rest) { return (int) (rest >>> 48); }
}
