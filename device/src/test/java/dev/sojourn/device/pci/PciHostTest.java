package dev.sojourn.device.pci;

import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.PortDevice;
import dev.sojourn.device.bus.PortMap;
import dev.sojourn.state.Section;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PciHostTest {
    private static final int ADDRESS = 0xcf8;
    private static final int DATA = 0xcfc;

    private final PortMap ports = new PortMap();
    private final Latch reset = new Latch();
    private final PciHost host = new PciHost(reset);
    private int writes;
    private final ConfigurationSpace card = new ConfigurationSpace(0x1af4, 0x1041, 0x02_0000, 1, () -> writes++);

    private static final class Latch implements PortDevice {
        private int value;

        @Override public int in(int offset, int size) { return value; }

        @Override public void out(int offset, int size, int value) { this.value = value; }
    }

    @BeforeEach void plug() {
        ports.claim(ADDRESS, PciHost.PORTS, host);
        host.plug(0, 0, ConfigurationSpace.hostBridge());
        host.plug(3, 0, card);
    }

    private int read(int device, int register) {
        ports.out(ADDRESS, 4, 0x8000_0000 | device << 11 | register);
        return ports.in(DATA, 4);
    }

    private void write(int device, int register, int value) {
        ports.out(ADDRESS, 4, 0x8000_0000 | device << 11 | register);
        ports.out(DATA, 4, value);
    }

    /** Linux finds mechanism 1 by reading back the address and then looks for a host bridge. */
    @Test void passesTheProbeOfLinux() {
        ports.out(0xcfb, 1, 0x01);
        ports.out(ADDRESS, 4, 0x8000_0000);
        assertEquals(0x8000_0000, ports.in(ADDRESS, 4));
        assertEquals(0x1237_8086, read(0, 0x00));
        ports.out(ADDRESS, 4, 0x8000_0008);
        assertEquals(0x0600, ports.in(DATA + 2, 2));
    }

    @Test void absentFunctionsReadAsOnes() {
        assertEquals(-1, read(1, 0x00));
        ports.out(ADDRESS, 4, 0x8001_0000);
        assertEquals(-1, ports.in(DATA, 4), "bus 1");
        ports.out(ADDRESS, 4, 0x0000_0000);
        assertEquals(-1, ports.in(DATA, 4), "not enabled");
        write(1, 0x04, -1);
    }

    @Test void bytesAndWordsReachTheirPlace() {
        ports.out(ADDRESS, 4, 0x8000_0000 | 3 << 11);
        assertEquals(0x1041, ports.in(DATA + 2, 2));
        assertEquals(0x10, ports.in(DATA + 3, 1));
        assertEquals(0x41_1a, ports.in(DATA + 1, 2));
    }

    @Test void resetRegisterHidesUnderTheAddress() {
        ports.out(ADDRESS, 4, 0x8000_0600);
        assertEquals(0, reset.value);
        ports.out(0xcf9, 1, 0x06);
        assertEquals(0x06, reset.value);
        assertEquals(0x06, ports.in(0xcf9, 1));
        assertEquals(0x8000_0600, ports.in(ADDRESS, 4));
    }

    @Test void readOnlyRegistersStay() {
        write(3, 0x00, 0);
        write(3, 0x08, 0);
        assertEquals(0x1041_1af4, read(3, 0x00));
        assertEquals(0x0200_0001, read(3, 0x08));
    }

    @Test void baseAddressTellsItsSizeAndMoves() {
        card.memoryBar(0, 0x1000);
        card.portBar(1, 0x20);
        card.memoryBar64(4, 0x4000);
        write(3, 0x10, -1);
        write(3, 0x14, -1);
        write(3, 0x20, -1);
        write(3, 0x24, -1);
        assertEquals(0xffff_f000, read(3, 0x10));
        assertEquals(0xffff_ffe1, read(3, 0x14));
        assertEquals(0xffff_c004, read(3, 0x20));
        assertEquals(0xffff_ffff, read(3, 0x24));
        write(3, 0x10, 0xe000_0000);
        write(3, 0x14, 0xc001);
        write(3, 0x20, 0x0000_8000);
        write(3, 0x24, 0x0000_0010);
        assertEquals(0xe000_0000L, card.barAddress(0));
        assertEquals(0xc000, card.barAddress(1));
        assertEquals(0x10_0000_8000L, card.barAddress(4));
        assertEquals(8, writes);
    }

    @Test void commandBitsSayWhatAnswers() {
        assertFalse(card.memoryEnabled());
        write(3, 0x04, 0x0407);
        assertTrue(card.portsEnabled());
        assertTrue(card.memoryEnabled());
        assertTrue(card.masterEnabled());
        assertFalse(card.interruptsEnabled());
        assertEquals(0x0407, read(3, 0x04));
    }

    @Test void interruptLineIsForTheGuestAndThePinIsTheDevices() {
        card.interruptPin(1);
        write(3, 0x3c, 0xffff_ff0b);
        assertEquals(0x0000_010b, read(3, 0x3c));
    }

    @Test void takenSlotIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> host.plug(3, 0, card));
        assertThrows(IllegalArgumentException.class, () -> host.plug(32, 0, card));
        assertThrows(IllegalArgumentException.class, () -> card.memoryBar(5, 24));
    }

    @Test void restoreTakesBackOnlyWhatAGuestMayWrite() {
        byte[] hostile = new byte[ConfigurationSpace.BYTES];
        java.util.Arrays.fill(hostile, (byte) 0xff);
        card.restore(new ConfigurationSpaceState(hostile));
        assertEquals(0x1041_1af4, read(3, 0x00));
        assertEquals(0x0547, read(3, 0x04));
    }

    @Test void surviveAMadGuest() {
        new Hammer(0xcf8, new FakeTime(), new int[] {1, 2, 4}, Hammer.range(ADDRESS, 8, 1))
                .strike(subject(), subject());
    }

    private static Hammer.Subject<List<Section>> subject() {
        PciHost chip = new PciHost(new Latch());
        ConfigurationSpace function = ConfigurationSpace.hostBridge();
        function.memoryBar(0, 0x1000);
        chip.plug(0, 0, function);
        PortMap map = new PortMap();
        map.claim(ADDRESS, PciHost.PORTS, chip);
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) {
                return address == 0xcf9 ? 0 : map.in(address, size);
            }

            @Override public void write(int address, int size, long value) {
                // Mostly at the one function there is.
                map.out(address, size, (int) value & (address == ADDRESS ? 0x8001_00fc : -1));
            }
        };
        return Hammer.saved(access, () -> 0, chip, function);
    }
}
