package dev.sojourn.interfaces;

import java.util.List;
import java.util.Optional;

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

    /** What a user may choose besides: ends of names as in {@code vmi/trap}, for {@link Interfaces#find}. */
    default List<String> variants() { return List.of(); }

    /** The variant of a name; none if there is no such. */
    default Optional<GuestInterface> variant(String name) { return Optional.empty(); }

    /** Why there is no variant of a name that users may expect, as the end of a sentence; empty if there is nothing to say. */
    default String refusal(String variant) { return ""; }

    /** What a machine for it is built of. */
    default DeviceSet devices() { return DeviceSet.PC; }

    /** The console a Linux guest is told to write to: the serial port, or one of the interface's own. */
    default String console() { return "ttyS0"; }

    /** Joins it to a machine that is being built; its processors come by {@link GuestSide#processor}. */
    GuestSide attach(MachineOps machine);
}
