package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** An entry of the guest's kernel that the hypervisor goes to: 0 for none. */
final class Callback {
    long address;
    boolean masksEvents;

    void save(StateWriter out) { out.number("address", address).flag("masks-events", masksEvents); }

    void restore(StateReader in) throws BadState { set(in.number("address"), in.flag("masks-events")); }

    void set(long address, boolean masksEvents) {
        this.address = address;
        this.masksEvents = masksEvents;
    }
}
