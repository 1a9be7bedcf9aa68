package dev.sojourn.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryDigestTest {
    private final GuestMemory memory = new GuestMemory(8 << 20);
    private final MemoryDigest digest = new MemoryDigest(memory);

    @AfterEach
    void close() { memory.close(); }

    @Test
    void untouchedAndZeroedMemoryAreTheSame() {
        long empty = digest.update();
        memory.putLong(0x20_1000, 1);
        assertNotEquals(empty, digest.update());
        memory.clear(0x20_1000, 4096);
        assertEquals(empty, digest.update());
    }

    @Test
    void valueAtAnotherAddressIsAnotherState() {
        memory.putByte(0x1234, 7);
        long here = digest.update();
        memory.putByte(0x1234, 0);
        memory.putByte(0x5234, 7);
        assertNotEquals(here, digest.update());
    }

    @Test
    void wayToAStateCannotBeTold() {
        memory.putInt(0x1000, 1);
        digest.update();
        memory.putInt(0x3000, 2);
        long first = digest.update();
        try (GuestMemory other = new GuestMemory(8 << 20)) {
            other.putInt(0x3000, 2);
            other.putInt(0x1000, 1);
            assertEquals(first, new MemoryDigest(other).update());
        }
    }

    @Test
    void pageIsShownOnceForEachTimeItWasWritten() {
        List<Long> pages = new ArrayList<>();
        memory.putByte(0x1fff, 1);
        memory.putByte(0x40_0000, 1);
        memory.takeWritten((page, _) -> pages.add(page));
        assertEquals(List.of(0x1000L, 0x40_0000L), pages);
        memory.takeWritten((page, _) -> pages.add(page));
        assertEquals(2, pages.size());
    }

    @Test
    void logSeesAPageBeforeItChanges() {
        List<Byte> before = new ArrayList<>();
        memory.putByte(0x1000, 3);
        memory.log((_, host) -> before.add(Raw.getByte(host)));
        memory.putByte(0x1000, 4);
        memory.log(null);
        memory.putByte(0x1000, 5);
        assertEquals(List.of((byte) 3), before);
    }
}
