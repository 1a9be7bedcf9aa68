/**
 * The conventional PCI bus: configuration mechanism #1, the configuration space of a function, and the host bridge.
 *
 * <p>Ports 0xcf8 to 0xcff. There is one bus, number 0. Names are those of the PCI local bus specification 3.0.
 * Bridges, message-signalled interrupts and expansion ROMs are not here; a device adds its capabilities to its own
 * space.
 *
 * <p>Start with {@link dev.sojourn.device.pci.PciHost}. Invariant: a function that is absent reads as ones.
 */
package dev.sojourn.device.pci;
