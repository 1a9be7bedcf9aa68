package dev.sojourn.interfaces.kvm;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The interface {@code kvm}. */
public final class KvmInterface implements GuestInterface {
    /** For the service loader. */
    public KvmInterface() {}

    @Override
    public String name() { return "kvm"; }

    @Override
    public GuestSide attach(MachineOps machine) { return new Machine(machine); }

    /** What the processors of one machine share. */
    static final class Machine implements GuestSide, Stateful {
        final MachineOps ops;
        final Clock clock;
        final List<Processor> processors = new ArrayList<>();

        Machine(MachineOps ops) {
            this.ops = ops;
            clock = new Clock(ops);
        }

        @Override
        public ProcessorSide processor(ProcessorOps processor) {
            processors.add(new Processor(this, processor));
            return processors.getLast();
        }

        @Override
        public Optional<Stateful> state() { return Optional.of(this); }

        @Override
        public void save(StateWriter out) { out.number("wall-clock", clock.wallClock); }

        @Override
        public void restore(StateReader in) throws BadState { clock.wallClock = in.number("wall-clock"); }

        /** Whether all time-stamp counters agree, so that one processor's clock page serves all. */
        boolean countersAgree() {
            long first = processors.getFirst().ops.cpu().msrs.tscAdjust;
            return processors.stream().allMatch(p -> p.ops.cpu().msrs.tscAdjust == first);
        }
    }
}
