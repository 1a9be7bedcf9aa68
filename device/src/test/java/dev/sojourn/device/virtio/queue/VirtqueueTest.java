package dev.sojourn.device.virtio.queue;

import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import static dev.sojourn.device.virtio.Ring.fromDevice;
import static dev.sojourn.device.virtio.Ring.toDevice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rules of the rings, by a device that answers each request with its own bytes, each plus one. */
class VirtqueueTest {
    private static final int SIZE = 8;
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final long ALL = Driver.VERSION_1 | Driver.INDIRECT_DESC | Driver.EVENT_IDX;

    private final GuestMemory memory = new GuestMemory(8 << 20);
    private final Driver driver = new Driver(memory, new Echo());
    private Ring ring = start(Driver.VERSION_1 | Driver.INDIRECT_DESC);
    private long data = driver.allocate(0x4000);
    private long table = driver.allocate(32 << 10);

    @AfterEach
    void close() { memory.close(); }

    @Test
    void requestIsReadAndAnsweredAcrossBuffersAndPages() {
        memory.write(data, pattern(0));

        Ring.Used used = ring.request(toDevice(data, 1), toDevice(data + 1, 4999),
                fromDevice(data + 0x2001, 3), fromDevice(data + 0x2004, 6000));

        assertEquals(5000, used.length());
        byte[] answer = new byte[5000];
        memory.read(data + 0x2001, answer, 0, 5000);
        assertArrayEquals(pattern(1), answer);
    }

    @Test
    void answerIsCutToTheRoomThereIs() {
        assertEquals(2, ring.request(toDevice(data, 10), fromDevice(data + 0x1000, 2)).length());
    }

    @Test
    void indicesWrapAround() {
        for (int i = 0; i < 70_000; i++) {
            assertEquals(1, ring.request(toDevice(data, 1), fromDevice(data + 1, 1)).length());
        }
    }

    @Test
    void indicesWrapAroundWithEventIndex() {
        ring = start(ALL);
        for (int i = 0; i < 70_000; i++) {
            assertEquals(1, ring.request(toDevice(data, 1), fromDevice(data + 1, 1)).length());
        }
    }

    @Test
    void fullRingIsServedAtOnce() {
        for (int i = 0; i < SIZE; i++) {
            ring.offer(toDevice(data, i + 1));
        }
        ring.kick();
        for (int i = 0; i < SIZE; i++) {
            ring.take();
        }
        assertFalse(ring.hasUsed());
        assertEquals(1, driver.interrupts());
    }

    @Test
    void indirectTableMayFollowDirectBuffers() {
        ring.descriptor(ring.descriptors, 0, data, 4, NEXT, 5);
        ring.descriptor(ring.descriptors, 5, table, 32, INDIRECT, 0);
        ring.descriptor(table, 0, data + 4, 4, NEXT, 1);
        ring.descriptor(table, 1, data + 0x1000, 100, WRITE, 0);
        ring.publish(0);
        ring.kick();

        assertEquals(new Ring.Used(0, 8), ring.take());
    }

    @Test
    void indirectTableMayLieAtAnyAddress() {
        byte[] entry = {0, 0, 0x10, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0};
        memory.write(table + 0xff9, entry);
        ring.descriptor(ring.descriptors, 0, table + 0xff9, 16, INDIRECT, 0);
        ring.publish(0);
        ring.kick();

        assertTrue(ring.hasUsed());
    }

    @Test
    void longestIndirectTableIsServedAndALongerOneIsNot() {
        for (int i = 0; i < 1025; i++) {
            ring.descriptor(table, i, data, 1, i == 1023 ? 0 : NEXT, i + 1);
        }
        ring.descriptor(ring.descriptors, 0, table, 16 * 1024, INDIRECT, 0);
        ring.publish(0);
        ring.kick();
        assertTrue(ring.hasUsed());
        ring.descriptor(ring.descriptors, 0, table, 16 * 1025, INDIRECT, 0);
        ring.publish(0);
        ring.kick();
        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
    }

    @Test
    void loopNeedsReset() {
        ring.descriptor(ring.descriptors, 0, data, 1, NEXT, 1);
        ring.descriptor(ring.descriptors, 1, data, 1, NEXT, 0);
        assertBroken(0);
    }

    @Test
    void loopInAnIndirectTableNeedsReset() {
        ring.descriptor(table, 0, data, 0, NEXT, 1);
        ring.descriptor(table, 1, data, 0, NEXT, 0);
        ring.descriptor(ring.descriptors, 0, table, 32, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void headBehindTheTableNeedsReset() { assertBroken(SIZE); }

    @Test
    void nextBehindTheTableNeedsReset() {
        ring.descriptor(ring.descriptors, 0, data, 1, NEXT, SIZE);
        assertBroken(0);
    }

    @Test
    void nextBehindTheIndirectTableNeedsReset() {
        ring.descriptor(table, 0, data, 1, NEXT, 1);
        ring.descriptor(ring.descriptors, 0, table, 16, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void indirectInsideIndirectNeedsReset() {
        ring.descriptor(table, 0, table, 16, INDIRECT, 0);
        ring.descriptor(ring.descriptors, 0, table, 16, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void indirectThatGoesOnNeedsReset() {
        ring.descriptor(table, 0, data, 1, 0, 0);
        ring.descriptor(ring.descriptors, 0, table, 16, INDIRECT | NEXT, 1);
        assertBroken(0);
    }

    @Test
    void indirectThatWasNotNegotiatedNeedsReset() {
        ring = start(Driver.VERSION_1);
        ring.descriptor(table, 0, data, 1, 0, 0);
        ring.descriptor(ring.descriptors, 0, table, 16, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void indirectTableOfOddLengthNeedsReset() {
        ring.descriptor(ring.descriptors, 0, table, 17, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void emptyIndirectTableNeedsReset() {
        ring.descriptor(ring.descriptors, 0, table, 0, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void indirectTableOutsideRamNeedsReset() {
        ring.descriptor(ring.descriptors, 0, 0x7f_fff0, 32, INDIRECT, 0);
        assertBroken(0);
    }

    @Test
    void readableAfterWritableNeedsReset() {
        ring.descriptor(ring.descriptors, 0, data, 1, NEXT | WRITE, 1);
        ring.descriptor(ring.descriptors, 1, data, 1, 0, 0);
        assertBroken(0);
    }

    @Test
    void bufferThatLeavesRamNeedsReset() {
        ring.descriptor(ring.descriptors, 0, 0x7f_ffff, 2, 0, 0);
        assertBroken(0);
    }

    @Test
    void bufferOverTheHoleNeedsReset() {
        ring.descriptor(ring.descriptors, 0, 0x9_f000, 0x3_0000, WRITE, 0);
        assertBroken(0);
    }

    @Test
    void bufferThatWrapsNeedsReset() {
        ring.descriptor(ring.descriptors, 0, -1, -1, WRITE, 0);
        assertBroken(0);
    }

    @Test
    void bufferAtTheLargestAddressNeedsReset() {
        ring.descriptor(ring.descriptors, 0, Long.MAX_VALUE, -1, 0, 0);
        assertBroken(0);
    }

    @Test
    void moreChainsThanEntriesNeedReset() {
        ring.availableIndex(SIZE + 1);
        ring.notifyDevice();
        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
    }

    @Test
    void availableIndexThatGoesBackNeedsReset() {
        ring.request(toDevice(data, 1));
        ring.availableIndex(0);
        ring.notifyDevice();
        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
    }

    @Test
    void driverThatWantsNoInterruptGetsNone() {
        ring.interrupts(false);
        ring.request(toDevice(data, 1));
        assertFalse(driver.line());
        ring.interrupts(true);
        ring.request(toDevice(data, 1));
        assertTrue(driver.line());
    }

    @Test
    void eventIndexNamesTheRequestThatInterrupts() {
        ring = start(ALL);
        ring.usedEvent(2);
        ring.request(toDevice(data, 1));
        ring.request(toDevice(data, 1));
        assertFalse(driver.line());
        ring.request(toDevice(data, 1));
        assertTrue(driver.line());
        driver.acknowledge();
        ring.request(toDevice(data, 1));
        assertFalse(driver.line());
    }

    private static byte[] pattern(int more) {
        byte[] bytes = new byte[5000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + more);
        }
        return bytes;
    }

    private void assertBroken(int head) {
        ring.publish(head);
        ring.kick();
        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
        assertFalse(ring.hasUsed());
        ring = start(Driver.VERSION_1);
        assertEquals(0, ring.request(toDevice(data, 1)).length());
    }

    private Ring start(long features) {
        assertTrue(driver.negotiate(features));
        Ring started = driver.ring(0, SIZE);
        driver.driverOk();
        return started;
    }

    private static final class Echo implements VirtioDevice {
        private final Chain chain = new Chain();
        private final byte[] buffer = new byte[1 << 16];
        private Transport transport;

        @Override
        public void save(StateWriter out) {}

        @Override
        public void restore(StateReader in) {}

        @Override
        public int deviceId() { return 42; }

        @Override
        public long features() { return 0; }

        @Override
        public int queueCount() { return 1; }

        @Override
        public int queueSizeMax(int queue) { return SIZE; }

        @Override
        public void start(Transport transport) { this.transport = transport; }

        @Override
        public void queueNotified(int index) {
            Virtqueue queue = transport.queue(index);
            while (queue.take(chain)) {
                int length = chain.read(buffer, 0, buffer.length);
                for (int i = 0; i < length; i++) {
                    buffer[i]++;
                }
                chain.write(buffer, 0, length);
                queue.put(chain);
            }
            queue.signal();
        }

        @Override
        public void reset() {}
    }
}
