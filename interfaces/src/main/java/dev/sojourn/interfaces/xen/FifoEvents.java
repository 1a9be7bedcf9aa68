package dev.sojourn.interfaces.xen;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The FIFO layout of events: a word for each port, and for each vCPU and priority a queue of ports linked by their words
 * (Xen, "Event channel FIFO-based ABI").
 *
 * <p>A word: bit 31 pending, 30 masked, 29 linked, 28 busy, 16-0 the next port. A control block: u32 ready, a bit for each
 * priority; u32; u32 head[16]. Everything here may be rewritten by the guest at any time: a port read from its memory is
 * never used as an index without a check, and the tails are ours alone.
 */
final class FifoEvents {
    static final int PRIORITY_MAX = 15;
    static final int PRIORITY_DEFAULT = 7;
    static final int PORTS = 1 << 17;
    static final int LINK_BITS = 17;

    private static final long NOWHERE = -1;
    private static final int PAGE_WORDS = 1024;
    private static final int CONTROL_BYTES = 72;
    private static final int HEADS = 8;
    private static final int WORD_PENDING = 1 << 31;
    private static final int WORD_MASKED = 1 << 30;
    private static final int WORD_LINKED = 1 << 29;
    private static final int WORD_BUSY = 1 << 28;
    private static final int LINK = PORTS - 1;

    /** One queue: the guest holds its head, we its tail. */
    static final class Queue {
        private final int priority;
        private int tail;

        private Queue(int priority) { this.priority = priority; }
    }

    private static final class Control {
        private long at;
        private final Queue[] queues = new Queue[PRIORITY_MAX + 1];

        private Control() {
            for (int i = 0; i <= PRIORITY_MAX; i++) {
                queues[i] = new Queue(i);
            }
        }
    }

    private final Domain domain;
    private final GuestMemory memory;
    private final Control[] controls;
    private final List<Long> pages = new ArrayList<>();

    FifoEvents(Domain domain, int vcpus) {
        this.domain = domain;
        memory = domain.memory();
        controls = new Control[vcpus];
    }

    void save(StateWriter out) {
        out.numbers("pages", pages.stream().mapToLong(Long::longValue).toArray());
        out.list("controls", Arrays.asList(controls), (each, control) -> {
            each.number("at", control == null ? NOWHERE : control.at);
            each.numbers("tails", control == null ? new int[0] : Arrays.stream(control.queues).mapToInt(q -> q.tail).toArray());
        });
    }

    void restore(StateReader in) throws BadState {
        for (long page : in.numbers("pages", PORTS / PAGE_WORDS)) {
            if ((page & GuestMemory.PAGE_BYTES - 1) != 0 || !memory.isRam(page, GuestMemory.PAGE_BYTES)) {
                throw in.bad("has a page of ports outside of RAM");
            }
            pages.add(page);
        }
        List<StateReader> states = in.listOf("controls", controls.length);
        for (int i = 0; i < controls.length; i++) {
            long at = states.get(i).number("at");
            int[] tails = states.get(i).ints("tails", at == NOWHERE ? 0 : PRIORITY_MAX + 1);
            if (at == NOWHERE) {
                continue;
            }
            if (!controlFits(at & GuestMemory.PAGE_BYTES - 1) || !memory.isRam(at, CONTROL_BYTES)) {
                throw in.bad("has a control block outside of RAM");
            }
            control(i, at);
            for (int priority = 0; priority <= PRIORITY_MAX; priority++) {
                controls[i].queues[priority].tail = Math.clamp(tails[priority], 0, PORTS - 1);
            }
        }
    }

    /** The vCPU of a queue; -1 if it is none of these. */
    int vcpuOf(Queue queue) {
        for (int i = 0; i < controls.length; i++) {
            if (controls[i] != null && queue != null && controls[i].queues[queue.priority] == queue) {
                return i;
            }
        }
        return -1;
    }

    /** The queue of a vCPU and a priority; null if there is none. */
    Queue queue(int vcpu, int priority) { return vcpu < 0 || controls[vcpu] == null ? null : controls[vcpu].queues[priority]; }

    static int priorityOf(Queue queue) { return queue == null ? 0 : queue.priority; }

    /** Ports that have words by now. */
    int ports() { return pages.size() * PAGE_WORDS; }

    /** Whether a control block may lie there. */
    static boolean controlFits(long offset) {
        return offset >= 0 && offset <= GuestMemory.PAGE_BYTES - CONTROL_BYTES && (offset & 7) == 0;
    }

    boolean hasControl(int vcpu) { return controls[vcpu] != null; }

    /** @param at physical address of a control block that {@link #controlFits} */
    void control(int vcpu, long at) {
        Control control = new Control();
        control.at = at;
        controls[vcpu] = control;
    }

    boolean isFull() { return ports() == PORTS; }

    /** Takes one more page of words. */
    void expand(long page) { pages.add(page); }

    /** Gives the guest back its pages. */
    void release() {
        pages.forEach(domain.frames()::release);
        for (Control control : controls) {
            if (control != null) {
                domain.frames().release(control.at & -GuestMemory.PAGE_BYTES);
            }
        }
    }

    private long word(int port) {
        return port < ports() ? pages.get(port / PAGE_WORDS) + port % PAGE_WORDS * 4L : -1;
    }

    private int get(int port) { return memory.getInt(word(port)); }

    private void put(int port, int value) { memory.putInt(word(port), value); }

    boolean isPending(Port port) { return word(port.number) >= 0 ? get(port.number) < 0 : port.early; }

    boolean isMasked(Port port) { return word(port.number) < 0 || (get(port.number) & WORD_MASKED) != 0; }

    void clearPending(Port port) {
        port.early = false;
        if (word(port.number) >= 0) {
            put(port.number, get(port.number) & ~WORD_PENDING);
        }
    }

    void setPending(Port port, Vcpu target) {
        if (word(port.number) < 0) {
            port.early = true;
            return;
        }
        int word = get(port.number) | WORD_PENDING;
        put(port.number, word);
        Control control = controls[target.id];
        if ((word & (WORD_MASKED | WORD_LINKED)) != 0 || control == null) {
            return;
        }
        put(port.number, word | WORD_LINKED);
        Queue queue = control.queues[port.priority];
        if (port.queue != null && port.queue != queue && port.queue.tail == port.number) {
            port.queue.tail = 0;
        }
        port.queue = queue;
        if (!append(queue, port.number)) {
            memory.putInt(control.at + HEADS + 4L * queue.priority, port.number);
            int ready = memory.getInt(control.at);
            memory.putInt(control.at, ready | 1 << queue.priority);
            if ((ready >>> queue.priority & 1) == 0) {
                target.raise();
            }
        }
        queue.tail = port.number;
    }

    /** Links a port behind the last of a queue. @return false if there is none that the guest has not taken yet */
    private boolean append(Queue queue, int port) {
        int tail = queue.tail;
        if (tail == 0 || tail == port || word(tail) < 0 || (get(tail) & WORD_LINKED) == 0) {
            return false;
        }
        put(tail, get(tail) & ~(WORD_BUSY | LINK) | port);
        return true;
    }

    /** @return whether the port is pending, and so must be raised again */
    boolean unmask(Port port) {
        if (word(port.number) < 0) {
            return false;
        }
        int word = get(port.number);
        put(port.number, word & ~WORD_MASKED);
        return (word & WORD_PENDING) != 0;
    }
}
