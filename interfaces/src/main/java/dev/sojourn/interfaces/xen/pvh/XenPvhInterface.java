package dev.sojourn.interfaces.xen.pvh;

import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;

/** The interface {@code xen-pvh}. */
public final class XenPvhInterface implements GuestInterface {
    /** For the service loader. */
    public XenPvhInterface() {}

    @Override
    public String name() { return "xen-pvh"; }

    @Override
    public String console() { return "hvc0"; }

    @Override
    public GuestSide attach(MachineOps machine) { return new PvhGuest(machine); }
}
