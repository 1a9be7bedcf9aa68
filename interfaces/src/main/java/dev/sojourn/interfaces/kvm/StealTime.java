package dev.sojourn.interfaces.kvm;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * Time a processor waited for its turn, and whether it waits: others then leave it a note instead of interrupting it.
 *
 * <pre>
 * 00  u64 nanoseconds stolen, u32 version, u32 flags
 * 10  u8 preempted: bit 0 it has no turn, bit 1 set by others: flush its TLB before its next
 * </pre>
 */
final class StealTime {
    static final long RESERVED = 0x3e;
    static final int BYTES = 64;

    private static final int VERSION = 8;
    private static final int PREEMPTED = 16;
    private static final int WAITS = 1;
    private static final int FLUSH = 2;
    private static final long ENABLED = 1;

    private final GuestMemory memory;
    private final MachineOps machine;
    private final ProcessorOps processor;
    private final boolean alone;
    private long msr;
    private long stolenNanos;
    private long waitsSince;
    private boolean waits;

    StealTime(MachineOps machine, ProcessorOps processor) {
        this.machine = machine;
        this.processor = processor;
        memory = machine.memory();
        alone = machine.cpus() == 1;
    }

    long msr() { return msr; }

    long stolenNanos() { return stolenNanos; }

    void restore(long msr, long stolenNanos) {
        this.msr = msr;
        this.stolenNanos = stolenNanos;
        waits = false;
    }

    void saveWait(StateWriter out) { out.flag("waits", waits).number("waits-since", waitsSince); }

    void restoreWait(StateReader in) throws BadState {
        waits = in.flag("waits");
        waitsSince = in.number("waits-since");
    }

    /** The guest gives the structure's address. */
    void write(long value) {
        msr = value;
        if (isOn()) {
            publish(0);
        }
    }

    private boolean isOn() { return (msr & ENABLED) != 0 && memory.isRam(at(), BYTES); }

    private long at() { return msr & -BYTES; }

    /** A processor that is alone in its machine never waits. */
    void enter() {
        if (alone || !isOn()) {
            return;
        }
        if (waits) {
            waits = false;
            stolenNanos += machine.nanos() - waitsSince;
        }
        int preempted = memory.getByte(at() + PREEMPTED);
        if (preempted != 0) {
            if ((preempted & FLUSH) != 0) {
                processor.cpu().mmu.flushAll();
            }
            publish(0);
        }
    }

    void leave() {
        if (alone || !isOn()) {
            return;
        }
        waits = !processor.cpu().halted;
        waitsSince = machine.nanos();
        memory.putByte(at() + PREEMPTED, WAITS);
    }

    private void publish(int preempted) {
        memory.putLong(at(), stolenNanos);
        memory.putInt(at() + VERSION, (memory.getInt(at() + VERSION) | 1) + 1);
        memory.putByte(at() + PREEMPTED, preempted);
    }
}
