package dev.sojourn.interfaces.hyperv;

import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.memory.GuestMemory;
import java.util.Arrays;

/**
 * The SynIC of one processor (TLFS 11): sixteen sources, each with a message slot.
 *
 * <pre>
 * message, 256 bytes     00 u32 type, 0 while free; u8 payload bytes, u8 flags (bit 0 another waits), u16 0
 *                        08 u64 origin, 10 payload
 * </pre>
 *
 * The event page is held for the guest; nothing here signals events.
 */
final class SyntheticInterrupts {
    static final int PAYLOAD_BYTES_MAX = 240;

    private static final int VECTOR_MIN = 16;
    private static final long ENABLED = 1;
    private static final long PAGE_BITS = -GuestMemory.PAGE_BYTES | ENABLED;
    private static final long SOURCE_MASKED = 1 << 16;
    private static final long SOURCE_AUTO_END = 1 << 17;
    private static final long SOURCE_POLLING = 1 << 18;
    private static final long SOURCE_BITS = 0xff | SOURCE_MASKED | SOURCE_AUTO_END | SOURCE_POLLING;
    private static final int MESSAGE_BYTES = 256;
    private static final int FLAGS = 5;
    private static final int ANOTHER_WAITS = 1;
    private static final int PAYLOAD = 16;

    private final MachineOps machine;
    private final ProcessorOps processor;
    private final long[] sources = new long[State.SOURCES];
    private long control;
    private long eventPage;
    private long messagePage;

    SyntheticInterrupts(MachineOps machine, ProcessorOps processor) {
        this.machine = machine;
        this.processor = processor;
        Arrays.fill(sources, State.SOURCE_RESET);
    }

    long control() { return control; }

    long eventPage() { return eventPage; }

    long messagePage() { return messagePage; }

    long source(int number) { return sources[number]; }

    long[] sources() { return sources.clone(); }

    void restore(State state) {
        control = state.control();
        eventPage = state.eventPage();
        messagePage = state.messagePage();
        System.arraycopy(state.sources(), 0, sources, 0, sources.length);
    }

    void control(long value) { control = value & ENABLED; }

    void eventPage(long value) { eventPage = page(eventPage, value); }

    void messagePage(long value) { messagePage = page(messagePage, value); }

    /** A page comes empty. */
    private long page(long old, long value) {
        long at = value & -GuestMemory.PAGE_BYTES;
        boolean fresh = (value & ENABLED) != 0 && (value & PAGE_BITS) != old;
        if (fresh && machine.memory().isRam(at, GuestMemory.PAGE_BYTES)) {
            machine.memory().clear(at, GuestMemory.PAGE_BYTES);
        }
        return value & PAGE_BITS;
    }

    /** @return false if the vector is none */
    boolean source(int number, long value) {
        if ((value & 0xff) < VECTOR_MIN && (value & SOURCE_MASKED) == 0) {
            return false;
        }
        sources[number] = value & SOURCE_BITS;
        return true;
    }

    /** @return false if there is no room now: to be tried again when the guest has emptied a slot */
    boolean post(int source, int type, byte[] payload) {
        long at = (messagePage & -GuestMemory.PAGE_BYTES) + (long) source * MESSAGE_BYTES;
        GuestMemory memory = machine.memory();
        if (control == 0 || (messagePage & ENABLED) == 0 || !memory.isRam(at, MESSAGE_BYTES)) {
            return false;
        }
        if (memory.getInt(at) != 0) {
            memory.putByte(at + FLAGS, memory.getByte(at + FLAGS) | ANOTHER_WAITS);
            return false;
        }
        memory.putLong(at, (long) payload.length << 32 | type & 0xffff_ffffL);
        memory.putLong(at + 8, 0);
        memory.write(at + PAYLOAD, payload);
        long register = sources[source];
        if ((register & (SOURCE_MASKED | SOURCE_POLLING)) == 0) {
            interrupt((int) register & 0xff);
        }
        return true;
    }

    void interrupt(int vector) { machine.bus().send(DeliveryMode.FIXED, vector, false, processor.cpu().id, false); }

    /** Whether the end of this vector's service is its beginning. */
    boolean endsItself(int vector) {
        for (long source : sources) {
            if ((source & (SOURCE_AUTO_END | SOURCE_MASKED | 0xff)) == (SOURCE_AUTO_END | vector)) {
                return true;
            }
        }
        return false;
    }
}
