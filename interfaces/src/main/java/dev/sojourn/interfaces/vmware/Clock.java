package dev.sojourn.interfaces.vmware;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

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

    void save(StateWriter out) {
        state().save(out);
        out.flag("waits", waits).number("waits-since", waitsSince);
    }

    void restore(StateReader in) throws BadState {
        restore(State.read(in));
        waits = in.flag("waits");
        waitsSince = in.number("waits-since");
        if (page != State.NO_PAGE && !isPlace(page)) {
            throw in.bad("tells stolen time outside of RAM");
        }
    }

    private boolean isPlace(long at) { return at % BYTES == 0 && machine.memory().isRam(at, BYTES); }

    void disable() { page = State.NO_PAGE; }

    /** @return false if there is no such place */
    boolean enable(long at) {
        if (!isPlace(at)) {
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
