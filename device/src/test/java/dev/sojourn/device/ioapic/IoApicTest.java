package dev.sojourn.device.ioapic;

import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.apic.Cpu;
import dev.sojourn.device.apic.LocalApic;
import dev.sojourn.state.Section;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IoApicTest {
    private static final int IOREGSEL = 0x00;
    private static final int IOWIN = 0x10;
    private static final int EOIR = 0x40;

    private static final int LEVEL = 0x8000;
    private static final int REMOTE_IRR = 0x4000;
    private static final int MASKED = 0x10000;

    private final FakeTime time = new FakeTime();
    private final ApicBus bus = new ApicBus();
    private final IoApic ioApic = new IoApic(bus);
    private final LocalApic local = local(bus, 0);

    private LocalApic local(ApicBus bus, int id) {
        Cpu cpu = new Cpu();
        return new LocalApic(id, true, bus, time.alarms, new Frequency(1), cpu, cpu);
    }

    @BeforeEach void enable() { local.write(0xf0, 4, 0x1ff); }

    private int read(int register) {
        ioApic.write(IOREGSEL, 4, register);
        return (int) ioApic.read(IOWIN, 4);
    }

    private void write(int register, int value) {
        ioApic.write(IOREGSEL, 4, register);
        ioApic.write(IOWIN, 4, Integer.toUnsignedLong(value));
    }

    private void entry(int pin, int destination, int low) {
        write(0x11 + 2 * pin, destination << 24);
        write(0x10 + 2 * pin, low);
    }

    private int entry(int pin) { return read(0x10 + 2 * pin); }

    private void endOfInterrupt() { local.write(0xb0, 4, 0); }

    @Test void identityVersionAndSize() {
        assertEquals(0x0017_0020, read(1));
        write(0, 0xff00_0000);
        assertEquals(0x0f00_0000, read(0));
        assertEquals(0, read(0x40), "past the table");
    }

    @Test void powerOnMasksEverything() {
        for (int pin = 0; pin < IoApic.PINS; pin++) {
            assertEquals(MASKED, entry(pin));
        }
    }

    @Test void edgeIsDeliveredOnceARise() {
        entry(2, 0, 0x30);
        ioApic.line(2).set(true);
        ioApic.line(2).set(true);
        assertEquals(0x30, local.acknowledge());
        endOfInterrupt();
        assertFalse(local.hasInterrupt());
        ioApic.line(2).set(false);
        ioApic.line(2).set(true);
        assertTrue(local.hasInterrupt());
    }

    @Test void edgeAtAMaskedPinIsLost() {
        entry(2, 0, MASKED | 0x30);
        ioApic.line(2).set(true);
        entry(2, 0, 0x30);
        assertFalse(local.hasInterrupt());
    }

    @Test void levelIsRepeatedUntilTheWireFalls() {
        entry(9, 0, LEVEL | 0x49);
        ioApic.line(9).set(true);
        assertEquals(LEVEL | REMOTE_IRR | 0x49, entry(9));
        assertEquals(0x49, local.acknowledge());
        endOfInterrupt();
        assertEquals(0x49, local.acknowledge(), "still high");
        ioApic.line(9).set(false);
        endOfInterrupt();
        assertFalse(local.hasInterrupt());
        assertEquals(LEVEL | 0x49, entry(9));
    }

    @Test void levelAtAMaskedPinWaits() {
        entry(9, 0, LEVEL | MASKED | 0x49);
        ioApic.line(9).set(true);
        assertFalse(local.hasInterrupt());
        entry(9, 0, LEVEL | 0x49);
        assertTrue(local.hasInterrupt());
    }

    @Test void endOfInterruptRegisterEndsByVector() {
        entry(9, 0, LEVEL | 0x49);
        ioApic.line(9).set(true);
        ioApic.line(9).set(false);
        ioApic.write(EOIR, 4, 0x48);
        assertEquals(REMOTE_IRR, entry(9) & REMOTE_IRR);
        ioApic.write(EOIR, 4, 0x49);
        assertEquals(0, entry(9) & REMOTE_IRR);
    }

    @Test void switchToEdgeForgetsRemoteIrr() {
        entry(9, 0, LEVEL | 0x49);
        ioApic.line(9).set(true);
        ioApic.line(9).set(false);
        write(0x10 + 18, MASKED | 0x49);
        write(0x10 + 18, LEVEL | 0x49);
        assertEquals(LEVEL | 0x49, entry(9));
    }

    @Test void logicalDestinationReachesWhoeverMatches() {
        LocalApic second = local(bus, 1);
        second.write(0xf0, 4, 0x1ff);
        second.write(0xd0, 4, 0x0200_0000);
        entry(4, 0x02, 0x800 | 0x34);
        ioApic.line(4).pulse();
        assertFalse(local.hasInterrupt());
        assertTrue(second.hasInterrupt());
    }

    @Test void levelToNobodyIsTriedAgain() {
        entry(9, 5, LEVEL | 0x49);
        ioApic.line(9).set(true);
        assertEquals(LEVEL | 0x49, entry(9));
        write(0x11 + 18, 0);
        assertTrue(local.hasInterrupt());
    }

    @Test void externalModeAsksThePic() {
        bus.external(() -> 0x77);
        entry(0, 0, 0x700);
        ioApic.line(0).set(true);
        assertEquals(0x77, local.acknowledge());
    }

    @Test void impossibleStateIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new IoApicState(0, 0, 0, new long[23]));
        assertThrows(IllegalArgumentException.class, () -> ioApic.line(24));
    }

    @Test void surviveAMadGuest() {
        int[] addresses = {IOREGSEL, IOREGSEL, IOWIN, IOWIN, IOWIN, EOIR, 0x20, 0x13, 0x1000, 0x1004};
        new Hammer(0x82093, time, new int[] {4, 4, 4, 1, 2, 8}, addresses).strike(subject(), subject());
    }

    /** Address 0x1000 is the wires, 0x1004 the processor. */
    private Hammer.Subject<List<Section>> subject() {
        ApicBus own = new ApicBus();
        IoApic chip = new IoApic(own);
        LocalApic cpu = local(own, 0);
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) {
                return address == 0x1004 ? cpu.acknowledge() : chip.read(address, size) & -1L >>> 64 - 8 * size;
            }

            @Override public void write(int address, int size, long value) {
                switch (address) {
                    case 0x1000 -> chip.line((int) (value & 0xff) % IoApic.PINS).set((value & 0x80) != 0);
                    case 0x1004 -> cpu.write((value & 1) == 0 ? 0xb0 : 0xf0, 4, 0x1ff);
                    default -> chip.write(address, size, value);
                }
            }
        };
        return Hammer.saved(access, cpu::hasInterrupt, chip, cpu);
    }
}
