package dev.sojourn.boot.acpi;

/**
 * What differs between the tables of two machines.
 *
 * @param cpus processors, with local APIC ids from 0 up
 * @param virtioSlots virtio devices behind memory windows, see {@link #virtioAddress} and {@link #virtioInterrupt}
 */
public record AcpiConfig(int cpus, int virtioSlots) {
    /** The id 255 addresses all local APICs, so 255 are left. */
    public static final int CPUS_MAX = 255;

    /** The I/O APIC has 24 inputs and the first 16 are the ISA bus's. */
    public static final int VIRTIO_SLOTS_MAX = 8;

    public static final long VIRTIO_WINDOWS = 0xfeb0_0000L;
    public static final int VIRTIO_WINDOW_BYTES = 0x1000;

    public AcpiConfig {
        if (cpus < 1 || cpus > CPUS_MAX || virtioSlots < 0 || virtioSlots > VIRTIO_SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "Out of range: " + cpus + " processors, " + virtioSlots + " virtio slots");
        }
    }

    public static long virtioAddress(int slot) { return VIRTIO_WINDOWS + (long) slot * VIRTIO_WINDOW_BYTES; }

    /** The I/O APIC input of a slot; level-triggered, active high. */
    public static int virtioInterrupt(int slot) { return 16 + slot; }
}
