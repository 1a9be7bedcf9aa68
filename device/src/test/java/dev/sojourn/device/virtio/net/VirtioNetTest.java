package dev.sojourn.device.virtio.net;

import static dev.sojourn.device.virtio.Ring.fromDevice;
import static dev.sojourn.device.virtio.Ring.toDevice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import dev.sojourn.memory.GuestMemory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioNetTest {
    private static final long MERGE = 1 << 15;
    private static final long BUFFER = 0x20_0000;
    private static final byte[] MAC = {2, 3, 4, 5, 6, 7};

    private final GuestMemory memory = new GuestMemory(8 << 20);
    private final LoopCable cable = new LoopCable();
    private final VirtioNet card = new VirtioNet(cable, MAC);
    private final Driver driver = new Driver(memory, card);
    private Ring receive;
    private Ring transmit;

    @AfterEach void close() { memory.close(); }

    @Test void addressAndLinkAreTold() {
        for (int i = 0; i < 6; i++) {
            assertEquals(MAC[i], driver.registers.read(0x100 + i, 1));
        }
        assertEquals(1, driver.registers.read(0x106, 2));
    }

    @Test void whatTheGuestSendsArrivesWithItsWishes() {
        start(-1);
        byte[] frame = random(60);
        memory.write(BUFFER, new byte[] {1, 1, 0, 0, (byte) 0xb4, 5, 34, 0, 16, 0, 0, 0});
        memory.write(BUFFER + 12, frame);
        transmit.request(toDevice(BUFFER, 72));
        Frame sent = cable.sent.remove();
        assertArrayEquals(frame, sent.bytes());
        assertEquals(34, sent.checksumStart());
        assertEquals(16, sent.checksumOffset());
        assertEquals(1460, sent.segmentBytes());
    }

    @Test void guestWaitsWhileTheCableIsFull() {
        start(-1);
        cable.room = false;
        transmit.offer(toDevice(BUFFER, 72));
        transmit.kick();
        assertFalse(transmit.hasUsed());
        cable.room = true;
        card.cableReady();
        assertTrue(transmit.hasUsed());
    }

    @Test void longFrameIsSpreadOverBuffers() {
        start(-1);
        byte[] frame = random(2500);
        cable.toGuest.add(new Frame(frame, frame.length, 34, 16, 1460));
        card.cableReady();
        for (int i = 0; i < 3; i++) {
            receive.offer(fromDevice(BUFFER + i * 0x1000, 1000));
        }
        receive.kick();
        byte[] got = new byte[2512];
        int at = 0;
        for (int i = 0; i < 3; i++) {
            int length = receive.take().length();
            memory.read(BUFFER + i * 0x1000, got, at, length);
            at += length;
        }
        assertEquals(2512, at);
        assertArrayEquals(frame, Arrays.copyOfRange(got, 12, got.length));
        assertArrayEquals(new byte[] {1, 1, 54, 0, (byte) 0xb4, 5, 34, 0, 16, 0, 3, 0}, Arrays.copyOf(got, 12));
    }

    @Test void frameWaitsForBuffers() {
        start(-1);
        cable.toGuest.add(new Frame(random(1500), 1500, 0, 0, 0));
        receive.offer(fromDevice(BUFFER, 1000));
        receive.kick();
        card.cableReady();
        assertFalse(receive.hasUsed());
        receive.offer(fromDevice(BUFFER + 0x1000, 1000));
        receive.kick();
        assertEquals(1000, receive.take().length());
        assertEquals(512, receive.take().length());
    }

    @Test void frameThatFitsNoSingleBufferIsLostAndTheNextIsNot() {
        start(~MERGE);
        cable.toGuest.add(new Frame(random(1500), 1500, 0, 0, 0));
        cable.toGuest.add(new Frame(random(100), 100, 0, 0, 0));
        receive.offer(fromDevice(BUFFER, 1000));
        receive.kick();
        assertEquals(112, receive.take().length());
    }

    @Test void cableLearnsOfDrivers() {
        start(-1);
        assertTrue(cable.connected);
        driver.set(0x070, 0);
        assertFalse(cable.connected);
    }

    @Test void frameThatIsNoneNeedsReset() {
        start(-1);
        transmit.offer(toDevice(BUFFER, 20));
        transmit.kick();
        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
    }

    private void start(long features) {
        assertTrue(driver.negotiate(driver.offeredFeatures() & features));
        receive = driver.ring(0);
        transmit = driver.ring(1);
        driver.driverOk();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
