package dev.sojourn.interfaces;

/**
 * Which chips of a PC a machine has. A local APIC is part of each processor and always there.
 *
 * @param legacy the 8259 pair, the 8254, port 0x61 and the MC146818
 * @param ioApic the I/O APIC's window; without it, lines of devices lead only where {@link GuestSide#line} takes them
 * @param serial the 16550 at 0x3f8
 * @param power the ACPI power management block and the reset register
 * @param pci the host bridge and its configuration ports
 * @param virtio the windows of console and entropy source
 */
public record DeviceSet(boolean legacy, boolean ioApic, boolean serial, boolean power, boolean pci, boolean virtio) {
    /** All of them. */
    public static final DeviceSet PC = new DeviceSet(true, true, true, true, true, true);
}
