package dev.sojourn.interfaces.vmware;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;

/**
 * The steal clock of one processor: a u64 at the start of 64 bytes that the guest names, how long the processor waited for
 * its turn, in ticks of the time-stamp counter.
 */
final class Clock {
    private static final int BYTES = 64;

    private final MachineOps machine;
    private final ProcessorOps processor;
    private long page = State.NO_PAGE;
    private long stolenNanos;
    private long waitsSince;
    private boolean waits;

    Clock(MachineOps machine, ProcessorOps processor) {
        this.machine = machine;
        this.processor = processor;
    }

    State state() { return new State(page, stolenNanos); }

    void restore(State state) {
        page = state.stealPage();
        stolenNanos = state.stolenNanos();
        waits = false;
    }

    void disable() { page = State.NO_PAGE; }

    /** @return false if there is no such place */
    boolean enable(long at) {
        if (at % BYTES != 0 || !machine.memory().isRam(at, BYTES)) {
            return false;
        }
        page = at;
        publish();
        return true;
    }

    void enter() {
        if (waits) {
            waits = false;
            stolenNanos += machine.nanos() - waitsSince;
            publish();
        }
    }

    /** A processor that is alone in its machine never waits. */
    void leave() {
        waits = page != State.NO_PAGE && machine.cpus() > 1 && !processor.cpu().halted;
        waitsSince = waits ? machine.nanos() : 0;
    }

    private void publish() { machine.memory().putLong(page, machine.timeStamp().ticksAt(stolenNanos)); }
}
