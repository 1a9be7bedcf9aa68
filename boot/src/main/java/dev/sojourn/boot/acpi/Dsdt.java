package dev.sojourn.boot.acpi;

import dev.sojourn.memory.GuestMemory;

/**
 * The Differentiated System Description Table: the devices that a guest cannot find by itself (ACPI specification 6.5,
 * 5.2.11.1).
 *
 * <p>Processors, the PCI host bridge with its windows, the first serial port, the clock, virtio devices behind memory
 * windows, and how to switch the machine off.
 */
final class Dsdt {
    /** From revision 2 on, numbers in AML have 64 bits. */
    private static final int REVISION = 2;

    private static final int PCI_CONFIG_PORTS = 0xcf8;
    private static final int PCI_CONFIG_PORT_COUNT = 8;

    /** The sleep type that PM1 control takes for "off". */
    private static final int SLEEP_TYPE_OFF = 5;

    private Dsdt() {}

    static byte[] table(AcpiConfig config) {
        byte[] body = Aml.join(
                Aml.scope("\\_SB_", processors(config.cpus()), pci(), serial(), clock(), virtio(config.virtioSlots())),
                off());
        return SystemTable.of("DSDT", REVISION, body);
    }

    /** Each has the number by which the MADT knows it. */
    private static byte[] processors(int count) {
        byte[][] devices = new byte[count][];
        for (int i = 0; i < count; i++) {
            devices[i] = Aml.device(numbered('C', i), Aml.name("_HID", Aml.string("ACPI0007")), uid(i));
        }
        return Aml.join(devices);
    }

    /** The bridge passes on all ports but its own, and the memory from the end of low RAM to the virtio windows. */
    private static byte[] pci() {
        byte[] resources = new Resources()
                .busWindow(0, 0)
                .ports(PCI_CONFIG_PORTS, PCI_CONFIG_PORT_COUNT)
                .portWindow(0, PCI_CONFIG_PORTS - 1)
                .portWindow(PCI_CONFIG_PORTS + PCI_CONFIG_PORT_COUNT, 0xffff)
                .memoryWindow(GuestMemory.LOW_END_MAX, AcpiConfig.VIRTIO_WINDOWS - 1)
                .buffer();
        return Aml.device("PCI0", Aml.name("_HID", Aml.eisaId("PNP0A03")), uid(0), Aml.name("_BBN", Aml.integer(0)),
                Aml.name("_CRS", resources));
    }

    private static byte[] serial() {
        return Aml.device("COM1", Aml.name("_HID", Aml.eisaId("PNP0501")), uid(0),
                Aml.name("_CRS", new Resources().ports(0x3f8, 8).isaInterrupt(4).buffer()));
    }

    private static byte[] clock() {
        return Aml.device("RTC_", Aml.name("_HID", Aml.eisaId("PNP0B00")), uid(0),
                Aml.name("_CRS", new Resources().ports(0x70, 2).isaInterrupt(8).buffer()));
    }

    private static byte[] virtio(int slots) {
        byte[][] devices = new byte[slots][];
        for (int i = 0; i < slots; i++) {
            byte[] resources = new Resources()
                    .memory(AcpiConfig.virtioAddress(i), AcpiConfig.VIRTIO_WINDOW_BYTES)
                    .interrupt(AcpiConfig.virtioInterrupt(i))
                    .buffer();
            devices[i] = Aml.device(numbered('V', i), Aml.name("_HID", Aml.string("LNRO0005")), uid(i),
                    Aml.name("_CRS", resources));
        }
        return Aml.join(devices);
    }

    /** The package names the sleep types for PM1a and PM1b control, of which there is only the first (7.4.2). */
    private static byte[] off() {
        return Aml.name("\\_S5_",
                Aml.packageOf(Aml.integer(SLEEP_TYPE_OFF), Aml.integer(0), Aml.integer(0), Aml.integer(0)));
    }

    private static byte[] uid(int number) { return Aml.name("_UID", Aml.integer(number)); }

    private static String numbered(char letter, int number) { return "%c%03X".formatted(letter, number); }
}
