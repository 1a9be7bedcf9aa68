package dev.sojourn.interfaces.hyperv;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;

/** The interface {@code hyperv}. */
public final class HypervInterface implements GuestInterface {
    /** For the service loader. */
    public HypervInterface() {}

    @Override
    public String name() { return "hyperv"; }

    @Override
    public GuestSide attach(MachineOps machine) { return new Partition(machine); }
}
