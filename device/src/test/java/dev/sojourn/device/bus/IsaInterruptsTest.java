package dev.sojourn.device.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.ByteSource;
import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.PortDevice;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.apic.Cpu;
import dev.sojourn.device.apic.LocalApic;
import dev.sojourn.device.ioapic.IoApic;
import dev.sojourn.device.pic.PicPair;
import dev.sojourn.device.pit.Pit;
import dev.sojourn.device.uart.Uart;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** The interrupt system of a whole PC, driven as Linux drives it. */
class IsaInterruptsTest {
    private static final int SVR = 0xf0;
    private static final int EOI = 0xb0;
    private static final int LVT0 = 0x350;

    private final FakeTime time = new FakeTime();
    private final ApicBus bus = new ApicBus();
    private final Cpu cpu = new Cpu();
    private final PicPair pic = new PicPair(bus.lint0());
    private final IoApic ioApic = new IoApic(bus);
    private final IsaInterrupts isa = new IsaInterrupts(pic, ioApic);
    private final LocalApic apic = new LocalApic(0, true, bus, time.alarms, new Frequency(1_000_000_000),
            cpu, cpu);
    private final Pit pit = new Pit(time.alarms, isa.line(0));
    private final PortMap ports = new PortMap();

    private IsaInterruptsTest() {
        bus.external(pic::acknowledge);
        ports.claimBytes(0x20, 2, pic.first());
        ports.claimBytes(0xa0, 2, pic.second());
        ports.claimBytes(0x40, Pit.PORTS, pit);
        initialise(pic.first(), 0x30, 0x04);
        initialise(pic.second(), 0x38, 0x02);
        ports.out(0x21, 1, 0xfb);
        ports.out(0xa1, 1, 0xff);
        apic.write(SVR, 4, 0x1ff);
    }

    private static void initialise(PortDevice pic, int vector, int cascade) {
        pic.out(0, 1, 0x11);
        pic.out(1, 1, vector);
        pic.out(1, 1, cascade);
        pic.out(1, 1, 0x01);
    }

    private void redirect(int pin, int entry) {
        ioApic.write(0x00, 4, 0x10 + 2 * pin);
        ioApic.write(0x10, 4, entry);
    }

    private void ticksAt250Hertz() {
        ports.out(0x43, 1, 0x34);
        ports.out(0x40, 1, 4772 & 0xff);
        ports.out(0x40, 1, 4772 >> 8);
    }

    /** Takes what comes for some time; gives how many interrupts of the vector, and fails on any other. */
    private int taken(long nanos, int vector) {
        int count = 0;
        for (long end = time.nanos() + nanos; time.nanos() < end; time.advance(100_000)) {
            while (apic.hasInterrupt()) {
                assertEquals(vector, apic.acknowledge());
                apic.write(EOI, 4, 0);
                count++;
            }
        }
        return count;
    }

    /** "..TIMER: vector=0x30 apic1=0 pin1=2": ten ticks must come within a few jiffies. */
    @Test void timerOfLinuxComesThroughPinTwo() {
        redirect(2, 0x30);
        ticksAt250Hertz();
        assertEquals(1, taken(100_000, 0x30), "the output rises with the mode");
        assertEquals(10, taken(41_000_000, 0x30));
    }

    @Test void timerComesThroughThePicIfTheGuestUsesThat() {
        apic.write(LVT0, 4, 0x700);
        ports.out(0x21, 1, 0xfa);
        ticksAt250Hertz();
        time.advance(4_500_000);
        assertTrue(apic.hasInterrupt());
        assertEquals(0x30, apic.acknowledge());
        assertFalse(apic.hasInterrupt());
        ports.out(0x20, 1, 0x60);
        time.advance(4_000_000);
        assertEquals(0x30, apic.acknowledge());
    }

    @Test void pendingRequestShowsAtThePicWhileItIsMasked() {
        isa.line(4).set(true);
        ports.out(0x20, 1, 0x0a);
        assertEquals(0x10, ports.in(0x20, 1) & 0x10);
    }

    @Test void serialPortInterruptsThroughItsPin() {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Uart uart = new Uart(time.alarms, isa.line(4), sent::write, ByteSource.NONE);
        ports.claimBytes(0x3f8, Uart.PORTS, uart);
        redirect(4, 0x34);
        ports.out(0x3fc, 1, 0x0b);
        ports.out(0x3f9, 1, 0x02);
        StringBuilder left = new StringBuilder("hello, world");
        while (apic.hasInterrupt()) {
            assertEquals(0x34, apic.acknowledge());
            assertEquals(0x02, ports.in(0x3fa, 1));
            if (left.isEmpty()) {
                ports.out(0x3f9, 1, 0x00);
            } else {
                ports.out(0x3f8, 1, left.charAt(0));
                left.deleteCharAt(0);
            }
            apic.write(EOI, 4, 0);
        }
        assertEquals("hello, world", sent.toString());
    }

    @Test void cascadeIsNoLine() {
        assertThrows(IllegalArgumentException.class, () -> isa.line(2));
        assertThrows(IllegalArgumentException.class, () -> isa.line(16));
    }
}
