package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.interfaces.DeviceSet;
import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;

/** The interface {@code xen-pv}. */
public final class XenPvInterface implements GuestInterface {
    private static final DeviceSet NOTHING = new DeviceSet(false, false, false, false, false, false);

    /** For the service loader. */
    public XenPvInterface() {}

    @Override
    public String name() { return "xen-pv"; }

    @Override
    public DeviceSet devices() { return NOTHING; }

    @Override
    public String console() { return "hvc0"; }

    @Override
    public GuestSide attach(MachineOps machine) { return new PvGuest(machine); }
}
