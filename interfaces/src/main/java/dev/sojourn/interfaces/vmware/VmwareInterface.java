package dev.sojourn.interfaces.vmware;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;

/** The interface {@code vmware}. */
public final class VmwareInterface implements GuestInterface {
    /** For the service loader. */
    public VmwareInterface() {}

    @Override
    public String name() { return "vmware"; }

    @Override
    public GuestSide attach(MachineOps machine) { return processor -> new Processor(machine, processor); }
}
