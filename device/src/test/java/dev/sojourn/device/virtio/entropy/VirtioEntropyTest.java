package dev.sojourn.device.virtio.entropy;

import static dev.sojourn.device.virtio.Ring.fromDevice;
import static dev.sojourn.device.virtio.Ring.toDevice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import dev.sojourn.memory.GuestMemory;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioEntropyTest {
    private final GuestMemory memory = new GuestMemory(2 << 20);
    private final Random random = new Random(1);
    private final Driver driver = new Driver(memory, new VirtioEntropy((target, offset, length) -> {
        for (int i = 0; i < length; i++) {
            target[offset + i] = (byte) random.nextInt();
        }
    }));
    private final Ring ring = start();

    @AfterEach
    void close() { memory.close(); }

    @Test
    void bufferIsFilledFromTheSource() {
        assertEquals(64, ring.request(fromDevice(0x18_0000, 64)).length());

        byte[] got = new byte[64];
        memory.read(0x18_0000, got, 0, 64);
        Random same = new Random(1);
        byte[] expected = new byte[64];
        for (int i = 0; i < 64; i++) {
            expected[i] = (byte) same.nextInt();
        }
        assertArrayEquals(expected, got);
        assertTrue(driver.line());
    }

    @Test
    void largeBufferIsFilledInPart() {
        assertEquals(4096, ring.request(fromDevice(0x18_0000, 0x4_0000)).length());
    }

    @Test
    void readableBufferNeedsReset() {
        ring.offer(toDevice(0x18_0000, 64));
        ring.kick();

        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
    }

    private Ring start() {
        assertTrue(driver.negotiate(driver.offeredFeatures()));
        Ring started = driver.ring(0);
        driver.driverOk();
        return started;
    }
}
