package dev.sojourn.device.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sojourn.device.PortDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortMapTest {
    private final List<String> seen = new ArrayList<>();
    private final PortMap ports = new PortMap();

    private PortDevice named(String name, int value) {
        return new PortDevice() {
            @Override public int in(int offset, int size) {
                seen.add("%s in %d %d".formatted(name, offset, size));
                return value;
            }

            @Override public void out(int offset, int size, int data) {
                seen.add("%s out %d %d %x".formatted(name, offset, size, data));
            }
        };
    }

    @Test void nobodyReadsAsOnes() {
        assertEquals(0xff, ports.in(0x80, 1));
        assertEquals(0xffff, ports.in(0x80, 2));
        assertEquals(-1, ports.in(0x80, 4));
        ports.out(0x80, 4, 0);
    }

    @Test void deviceSeesOffsetsAndWholeAccesses() {
        ports.claim(0x600, 12, named("pm", 0x1234_5678));
        assertEquals(0x1234_5678, ports.in(0x608, 4));
        assertEquals(0x78, ports.in(0x600, 1));
        ports.out(0x604, 2, 0xffff_2000);
        assertEquals(List.of("pm in 8 4", "pm in 0 1", "pm out 4 2 2000"), seen);
    }

    @Test void byteWideDeviceSeesBytes() {
        ports.claimBytes(0x40, 4, named("pit", 0x5a));
        assertEquals(0x5a5a, ports.in(0x41, 2));
        ports.out(0x42, 2, 0xabcd);
        assertEquals(List.of("pit in 1 1", "pit in 2 1", "pit out 2 1 cd", "pit out 3 1 ab"), seen);
    }

    @Test void accessAcrossTwoDevicesIsBytes() {
        ports.claim(0x10, 2, named("a", 0x11));
        ports.claim(0x12, 1, named("b", 0x22));
        assertEquals(0xff22_1111, ports.in(0x10, 4));
        assertEquals(List.of("a in 0 1", "a in 1 1", "b in 0 1"), seen);
    }

    @Test void lastPortWrapsToTheFirst() {
        ports.claim(0xffff, 1, named("last", 0x33));
        ports.claim(0, 1, named("first", 0x44));
        assertEquals(0x4433, ports.in(0xffff, 2));
    }

    @Test void takenPortsAreRefused() {
        ports.claim(0x3f8, 8, named("uart", 0));
        assertThrows(IllegalArgumentException.class, () -> ports.claim(0x3ff, 1, named("other", 0)));
        assertThrows(IllegalArgumentException.class, () -> ports.claim(0xffff, 2, named("long", 0)));
    }
}
