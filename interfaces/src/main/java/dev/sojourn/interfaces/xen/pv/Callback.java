package dev.sojourn.interfaces.xen.pv;

/** An entry of the guest's kernel that the hypervisor goes to: 0 for none. */
final class Callback {
    long address;
    boolean masksEvents;

    void set(long address, boolean masksEvents) {
        this.address = address;
        this.masksEvents = masksEvents;
    }
}
