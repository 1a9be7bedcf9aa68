package dev.sojourn.interfaces;

/**
 * An interface: the hypervisor a guest finds itself on. Found as a service.
 *
 * <p>It holds nothing of a machine: {@link #attach} makes what belongs to one. An interface has two sides, the ops it is
 * granted ({@link MachineOps}, {@link ProcessorOps}) and what the guest sees ({@link GuestSide}, {@link ProcessorSide});
 * nothing else connects them.
 */
public interface GuestInterface {
    /** By which users choose it: lower-case letters, digits and hyphens. */
    String name();

    /** What a machine for it is built of. */
    default DeviceSet devices() { return DeviceSet.PC; }

    /** The console a Linux guest is told to write to: the serial port, or one of the interface's own. */
    default String console() { return "ttyS0"; }

    /** Joins it to a machine that is being built; its processors come by {@link GuestSide#processor}. */
    GuestSide attach(MachineOps machine);
}
