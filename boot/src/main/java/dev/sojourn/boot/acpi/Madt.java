package dev.sojourn.boot.acpi;

import java.io.ByteArrayOutputStream;

/**
 * The Multiple APIC Description Table: processors and how interrupts are wired (ACPI specification 6.5, 5.2.12).
 *
 * <p>The ISA timer, IRQ 0, is wired to input 2 of the I/O APIC, as on PCs since the first with one; the ACPI interrupt,
 * IRQ 9, is level-triggered and active high; NMI reaches every processor at LINT1.
 */
final class Madt {
    private static final int REVISION = 4;
    private static final int LOCAL_APIC_ADDRESS = 0xfee0_0000;
    private static final int IO_APIC_ADDRESS = 0xfec0_0000;
    private static final int PC_AT_COMPATIBLE = 1;

    private static final int LOCAL_APIC = 0;
    private static final int IO_APIC = 1;
    private static final int SOURCE_OVERRIDE = 2;
    private static final int LOCAL_APIC_NMI = 4;

    private static final int ENABLED = 1;
    private static final int ACTIVE_HIGH = 1;
    private static final int LEVEL = 3 << 2;
    private static final int AS_THE_BUS_HAS_IT = 0;
    private static final int ALL_PROCESSORS = 0xff;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Madt() {}

    static byte[] table(AcpiConfig config) {
        Madt madt = new Madt();
        madt.u32(LOCAL_APIC_ADDRESS).u32(PC_AT_COMPATIBLE);
        for (int cpu = 0; cpu < config.cpus(); cpu++) {
            madt.entry(LOCAL_APIC, 8).u8(cpu).u8(cpu).u32(ENABLED);
        }
        madt.entry(IO_APIC, 12).u8(0).u8(0).u32(IO_APIC_ADDRESS).u32(0);
        madt.sourceOverride(0, 2, AS_THE_BUS_HAS_IT);
        madt.sourceOverride(9, 9, LEVEL | ACTIVE_HIGH);
        madt.entry(LOCAL_APIC_NMI, 6).u8(ALL_PROCESSORS).u16(AS_THE_BUS_HAS_IT).u8(1);
        return SystemTable.of("APIC", REVISION, madt.out.toByteArray());
    }

    private void sourceOverride(int irq, int input, int flags) {
        entry(SOURCE_OVERRIDE, 10).u8(0).u8(irq).u32(input).u16(flags);
    }

    private Madt entry(int type, int bytes) { return u8(type).u8(bytes); }

    private Madt u8(int value) {
        out.write(value);
        return this;
    }

    private Madt u16(int value) { return u8(value).u8(value >>> 8); }

    private Madt u32(int value) { return u16(value).u16(value >>> 16); }
}
