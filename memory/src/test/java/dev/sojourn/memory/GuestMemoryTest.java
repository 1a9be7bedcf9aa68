package dev.sojourn.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GuestMemoryTest {
    private static final long MIB = 1 << 20;

    @Test
    void ramOfFourGibibytesHasAHoleForDevicesAndGoesOnAboveIt() {
        try (GuestMemory memory = new GuestMemory(4096 * MIB)) {
            assertEquals(0xc000_0000L, memory.lowEnd());
            assertEquals(0x1_4000_0000L, memory.highEnd());
            assertTrue(memory.isRam(0xbfff_ffffL));
            assertFalse(memory.isRam(0xc000_0000L));
            assertFalse(memory.isRam(0xffff_ffffL));
            assertTrue(memory.isRam(0x1_0000_0000L));
            assertFalse(memory.isRam(0x1_4000_0000L));
        }
    }

    @Test
    void theVgaHoleIsNoRam() {
        try (GuestMemory memory = new GuestMemory(16 * MIB)) {
            assertTrue(memory.isRam(0x9_ffff));
            assertFalse(memory.isRam(0xa_0000));
            assertFalse(memory.isRam(0xb_ffff));
            assertTrue(memory.isRam(0xc_0000));
        }
    }

    @Test
    void aRangeIsRamOnlyIfAllOfItIs() {
        try (GuestMemory memory = new GuestMemory(4096 * MIB)) {
            assertTrue(memory.isRam(0x9_fff0, 16));
            assertFalse(memory.isRam(0x9_fff0, 17));
            assertFalse(memory.isRam(0x9_0000, 0x10_0000));
            assertFalse(memory.isRam(0xbfff_f000L, 0x4000_2000L));
            assertFalse(memory.isRam(-1, 2));
            assertFalse(memory.isRam(Long.MAX_VALUE, Long.MAX_VALUE));
            assertFalse(memory.isRam(0, -1));
        }
    }

    @Test
    void addressesOutsideRamAreRefused() {
        try (GuestMemory memory = new GuestMemory(16 * MIB)) {
            assertThrows(IndexOutOfBoundsException.class, () -> memory.hostAddress(16 * MIB));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.hostAddress(-4096));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.write(16 * MIB - 2, new byte[4]));
            assertEquals(0, memory.getShort(16 * MIB - 2));
        }
    }

    @Test
    void ramIsZeroUntilItIsWritten() {
        try (GuestMemory memory = new GuestMemory(64 * MIB)) {
            byte[] bytes = new byte[10_000];
            java.util.Arrays.fill(bytes, (byte) 1);
            memory.read(5 * MIB - 5_000, bytes, 0, bytes.length);
            assertArrayEquals(new byte[10_000], bytes);
        }
    }

    @Test
    void numbersAreLittleEndian() {
        try (GuestMemory memory = new GuestMemory(MIB)) {
            memory.putLong(0x1000, 0x1122_3344_5566_7788L);
            assertEquals(0x88, memory.getByte(0x1000));
            assertEquals(0x7788, memory.getShort(0x1000));
            assertEquals(0x5566_7788, memory.getInt(0x1000));
            assertEquals(0x11, memory.getByte(0x1007));
        }
    }

    @Test
    void bytesGoInAndComeOutAcrossPagesAndChunks() {
        try (GuestMemory memory = new GuestMemory(16 * MIB)) {
            byte[] in = new byte[100_000];
            new SplittableRandom(1).nextBytes(in);
            memory.write(2 * MIB - 50_001, in);
            byte[] out = new byte[in.length];
            memory.read(2 * MIB - 50_001, out, 0, out.length);
            assertArrayEquals(in, out);
            memory.clear(2 * MIB - 10, 20);
            assertEquals(0, memory.getByte(2 * MIB));
            assertEquals(in[50_001 - 11] & 0xff, memory.getByte(2 * MIB - 11));
        }
    }

    @Test
    void writesToCodeAreToldPageByPageBeforeTheyHappen() {
        try (GuestMemory memory = new GuestMemory(16 * MIB)) {
            List<String> told = new ArrayList<>();
            memory.watch((physical, bytes) -> told.add(Long.toHexString(physical) + "+" + bytes + ":" + memory.getByte(physical)));
            memory.setFlag(0x3000, GuestMemory.CODE);
            memory.write(0x2ffe, new byte[] {1, 2, 3, 4});
            memory.putInt(0x3010, 7);
            memory.clearFlag(0x3000, GuestMemory.CODE);
            memory.putInt(0x3010, 8);
            assertEquals(List.of("3000+2:0", "3010+4:0"), told);
        }
    }

    @Test
    void sizesThatNoMachineHasAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new GuestMemory(0));
        assertThrows(IllegalArgumentException.class, () -> new GuestMemory(MIB + 1));
        assertThrows(IllegalArgumentException.class, () -> new GuestMemory(GuestMemory.BYTES_MAX + 4096));
    }
}
