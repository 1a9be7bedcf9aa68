package dev.sojourn.device.virtio;

import dev.sojourn.memory.GuestMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The driver's side of a split virtqueue. */
public final class Ring {
    /** A buffer of a request. */
    public record Buffer(long address, int length, boolean deviceWrites) {}

    /** A request that came back: its first descriptor and the bytes that were written to it. */
    public record Used(int head, int length) {}

    public final long descriptors;
    public final long available;
    public final long used;
    private final Driver driver;
    private final GuestMemory memory;
    private final int queue;
    private final int size;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<List<Integer>> chains = new ArrayList<>();
    private int availableIndex;
    private int kickedIndex;
    private int usedIndex;
    private int kicks;

    Ring(Driver driver, int queue, int size, long descriptors, long available, long used) {
        this.driver = driver;
        this.queue = queue;
        this.size = size;
        this.descriptors = descriptors;
        this.available = available;
        this.used = used;
        memory = driver.memory;
        for (int i = 0; i < size; i++) {
            free.add(i);
            chains.add(List.of());
        }
    }

    public static Buffer toDevice(long address, int length) { return new Buffer(address, length, false); }

    public static Buffer fromDevice(long address, int length) { return new Buffer(address, length, true); }

    public int size() { return size; }

    public int kicks() { return kicks; }

    public boolean full() { return free.isEmpty(); }

    /** Writes a descriptor as it is told, right or wrong. */
    public void descriptor(long table, int index, long address, int length, int flags, int next) {
        long at = table + 16L * index;
        memory.putLong(at, address);
        memory.putInt(at + 8, length);
        memory.putShort(at + 12, flags);
        memory.putShort(at + 14, next);
    }

    /** Offers a chain of buffers. @return its first descriptor */
    public int offer(Buffer... buffers) {
        List<Integer> indices = new ArrayList<>();
        for (Buffer _ : buffers) {
            indices.add(free.remove());
        }
        for (int i = 0; i < buffers.length; i++) {
            boolean last = i == buffers.length - 1;
            descriptor(descriptors, indices.get(i), buffers[i].address, buffers[i].length,
                    (last ? 0 : 1) | (buffers[i].deviceWrites ? 2 : 0), last ? 0 : indices.get(i + 1));
        }
        chains.set(indices.getFirst(), indices);
        publish(indices.getFirst());
        return indices.getFirst();
    }

    /** Offers a chain by way of an indirect table. */
    public int offerIndirect(long table, Buffer... buffers) {
        for (int i = 0; i < buffers.length; i++) {
            boolean last = i == buffers.length - 1;
            descriptor(table, i, buffers[i].address, buffers[i].length,
                    (last ? 0 : 1) | (buffers[i].deviceWrites ? 2 : 0), last ? 0 : i + 1);
        }
        int head = free.remove();
        descriptor(descriptors, head, table, 16 * buffers.length, 4, 0);
        chains.set(head, List.of(head));
        publish(head);
        return head;
    }

    /** Puts a chain's first descriptor into the available ring. */
    public void publish(int head) {
        memory.putShort(available + 4 + 2L * (availableIndex & size - 1), head);
        availableIndex = availableIndex + 1 & 0xffff;
        memory.putShort(available + 2, availableIndex);
    }

    public void availableIndex(int index) { memory.putShort(available + 2, index); }

    /** Asks not to be interrupted, or asks for it again. */
    public void interrupts(boolean wanted) { memory.putShort(available, wanted ? 0 : 1); }

    /** Asks for an interrupt when the used index passes this one. */
    public void usedEvent(int index) { memory.putShort(available + 4 + 2L * size, index); }

    /** Notifies the device unless it said that it does not care. */
    public void kick() {
        int event = memory.getShort(used + 4 + 8L * size);
        boolean needed = !driver.negotiated(Driver.EVENT_IDX)
                || (availableIndex - event - 1 & 0xffff) < (availableIndex - kickedIndex & 0xffff);
        kickedIndex = availableIndex;
        if (needed) {
            notifyDevice();
        }
    }

    public void notifyDevice() {
        kicks++;
        driver.set(0x050, queue);
    }

    public boolean hasUsed() { return memory.getShort(used + 2) != usedIndex; }

    /** The next request that came back. */
    public Used take() {
        if (!hasUsed()) {
            throw new AssertionError("The device returned nothing, status " + driver.status());
        }
        long element = used + 4 + 8L * (usedIndex & size - 1);
        usedIndex = usedIndex + 1 & 0xffff;
        Used taken = new Used(memory.getInt(element), memory.getInt(element + 4));
        free.addAll(chains.get(taken.head));
        return taken;
    }

    /** Adds a request, rings the bell and waits as a kernel that spins: the device has to be done by then. */
    public Used request(Buffer... buffers) {
        offer(buffers);
        kick();
        return take();
    }
}
