package dev.sojourn.device.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.MemoryDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryMapTest {
    private final List<String> seen = new ArrayList<>();
    private final MemoryMap memory = new MemoryMap();

    private MemoryDevice named(String name, long value) {
        return new MemoryDevice() {
            @Override public long read(long offset, int size) {
                seen.add("%s read %x %d".formatted(name, offset, size));
                return value;
            }

            @Override public void write(long offset, int size, long data) {
                seen.add("%s write %x %d %x".formatted(name, offset, size, data));
            }
        };
    }

    @Test void nobodyReadsAsOnes() {
        assertEquals(0xff, memory.read(0, 1));
        assertEquals(0xffff_ffffL, memory.read(0xfed0_0000L, 4));
        assertEquals(-1, memory.read(-8, 8));
        memory.write(0x1234, 8, 0);
    }

    @Test void windowsAreFoundWhateverTheirOrder() {
        memory.open(0xfee0_0000L, 0x1000, named("lapic", 3));
        memory.open(0xd000_0000L, 0x200, named("virtio", 1));
        memory.open(0xfec0_0000L, 0x1000, named("ioapic", 2));
        assertEquals(1, memory.read(0xd000_01fcL, 4));
        assertEquals(2, memory.read(0xfec0_0010L, 4));
        assertEquals(3, memory.read(0xfee0_0fffL, 1));
        assertEquals(0xff, memory.read(0xd000_0200L, 1));
        assertEquals(List.of("virtio read 1fc 4", "ioapic read 10 4", "lapic read fff 1"), seen);
        assertTrue(memory.claims(0xfec0_0fffL));
        assertFalse(memory.claims(0xfec0_1000L));
    }

    @Test void deviceSeesNoMoreThanItsBytes() {
        memory.open(0x1000, 0x1000, named("a", -1));
        assertEquals(0xffff, memory.read(0x1000, 2));
        memory.write(0x1004, 2, 0x1234_5678);
        assertEquals(List.of("a read 0 2", "a write 4 2 5678"), seen);
    }

    @Test void accessAcrossTwoWindowsIsBytes() {
        memory.open(0x1000, 2, named("a", 0x11));
        memory.open(0x1002, 1, named("b", 0x22));
        assertEquals(0xff22_1111L, memory.read(0x1000, 4));
        memory.write(0x1001, 4, 0xddcc_bbaaL);
        assertEquals(List.of("a read 0 1", "a read 1 1", "b read 0 1", "a write 1 1 aa", "b write 0 1 bb"), seen);
    }

    @Test void closedWindowIsGone() {
        memory.open(0x1000, 0x1000, named("a", 0));
        memory.read(0x1000, 1);
        memory.close(0x1000);
        assertEquals(0xff, memory.read(0x1000, 1));
        memory.open(0x1800, 0x1000, named("b", 7));
        assertEquals(7, memory.read(0x1800, 1));
    }

    @Test void overlapIsRefused() {
        memory.open(0x1000, 0x1000, named("a", 0));
        assertThrows(IllegalArgumentException.class, () -> memory.open(0x1fff, 1, named("b", 0)));
        assertThrows(IllegalArgumentException.class, () -> memory.open(0x800, 0x801, named("b", 0)));
        assertThrows(IllegalArgumentException.class, () -> memory.open(-1, 1, named("b", 0)));
        memory.open(0x800, 0x800, named("below", 0));
        memory.open(0x2000, 1, named("above", 0));
    }
}
