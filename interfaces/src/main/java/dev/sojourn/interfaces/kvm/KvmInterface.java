package dev.sojourn.interfaces.kvm;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import java.util.ArrayList;
import java.util.List;

/** The interface {@code kvm}. */
public final class KvmInterface implements GuestInterface {
    /** For the service loader. */
    public KvmInterface() {}

    @Override
    public String name() { return "kvm"; }

    @Override
    public GuestSide attach(MachineOps machine) { return new Machine(machine); }

    /** What the processors of one machine share. */
    static final class Machine implements GuestSide {
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

        /** Whether all time-stamp counters agree, so that one processor's clock page serves all. */
        boolean countersAgree() {
            long first = processors.getFirst().ops.cpu().msrs.tscAdjust;
            return processors.stream().allMatch(p -> p.ops.cpu().msrs.tscAdjust == first);
        }
    }
}
