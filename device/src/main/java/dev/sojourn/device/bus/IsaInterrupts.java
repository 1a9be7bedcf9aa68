package dev.sojourn.device.bus;

import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.ioapic.IoApic;
import dev.sojourn.device.pic.PicPair;

/**
 * The sixteen ISA interrupt lines of a PC: each leads to the PIC pair and to the I/O APIC, and the guest listens to
 * one.
 *
 * <p>IRQ 0 enters the I/O APIC at pin 2, which the ACPI tables must say; IRQ 2 is the cascade and has no line of
 * its own.
 */
public final class IsaInterrupts {
    public static final int IRQS = 16;

    private static final int TIMER = 0;
    private static final int CASCADE = 2;
    private static final int TIMER_GSI = 2;

    private final PicPair pic;
    private final IoApic ioApic;

    public IsaInterrupts(PicPair pic, IoApic ioApic) {
        this.pic = pic;
        this.ioApic = ioApic;
    }

    /** The wire of one IRQ, 0 to 15 but for 2. */
    public InterruptLine line(int irq) {
        if (irq < 0 || irq >= IRQS || irq == CASCADE) {
            throw new IllegalArgumentException("No ISA interrupt line " + irq);
        }
        InterruptLine first = pic.line(irq);
        InterruptLine second = ioApic.line(irq == TIMER ? TIMER_GSI : irq);
        return high -> {
            first.set(high);
            second.set(high);
        };
    }
}
