/**
 * The I/O APIC: 24 interrupt inputs, each with an entry that says which processors hear it and how.
 *
 * <p>Registers are those of the 82093AA data sheet at version 0x20, which adds the EOI register. The polarity bit
 * is kept but not used: a wire of this machine is high when its device asks, whatever the guest was told of its
 * polarity.
 *
 * <p>Start with {@link dev.sojourn.device.ioapic.IoApic}. Invariant: the remote IRR of a level-triggered entry is
 * set from the moment a local APIC has taken its message until that vector's end of interrupt.
 */
package dev.sojourn.device.ioapic;
