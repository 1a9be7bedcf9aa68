/**
 * The interfaces a guest may find: what a hypervisor is, seen from inside.
 *
 * <p>{@link dev.sojourn.interfaces.GuestInterface} is the contract; each interface has a package of its own and is found as
 * a service. {@link dev.sojourn.interfaces.ProcessorPlatform} stands between a processor and the machine: it answers what
 * the processor asks by the interface first, then by the processor model and the chips.
 */
package dev.sojourn.interfaces;
