package dev.sojourn.interfaces.vmware;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** The interface {@code vmware}. */
public final class VmwareInterface implements GuestInterface {
    /** For the service loader. */
    public VmwareInterface() {}

    @Override
    public String name() { return "vmware"; }

    @Override
    public GuestSide attach(MachineOps machine) {
        return new GuestSide() {
            @Override
            public ProcessorSide processor(ProcessorOps processor) { return new Processor(machine, processor); }

            @Override
            public Optional<Stateful> state() { return Optional.of(Stateful.STATELESS); }
        };
    }
}
