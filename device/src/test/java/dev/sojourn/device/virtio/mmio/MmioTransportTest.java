package dev.sojourn.device.virtio.mmio;

import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MmioTransportTest {
    private final GuestMemory memory = new GuestMemory(4 << 20);
    private final Probe device = new Probe();
    private final Driver driver = new Driver(memory, device);

    @AfterEach
    void close() { memory.close(); }

    @Test
    void identityIsThatOfAVersionTwoDevice() {
        assertEquals(0x74726976, driver.get(0x000));
        assertEquals(2, driver.get(0x004));
        assertEquals(42, driver.get(0x008));
    }

    @Test
    void sharedMemoryLengthReadsAsOnes() {
        driver.set(0x0ac, 0);

        assertEquals(-1, driver.get(0x0b0));
        assertEquals(-1, driver.get(0x0b4));
    }

    @Test
    void narrowAccessToARegisterReadsAsOnesAndWritesNothing() {
        assertEquals(-1, driver.registers.read(0x000, 1));
        driver.registers.write(0x070, 1, 1);
        assertEquals(0, driver.status());
    }

    @Test
    void featuresOfDeviceRingsAndTransportAreOffered() {
        assertEquals(1L << 5 | Driver.INDIRECT_DESC | Driver.EVENT_IDX | Driver.VERSION_1, driver.offeredFeatures());
        driver.set(0x014, 2);
        assertEquals(0, driver.get(0x010));
    }

    @Test
    void acceptingWhatIsOfferedIsAgreed() { assertTrue(driver.negotiate(driver.offeredFeatures())); }

    @Test
    void featuresWithoutVersionOneAreRefused() { assertFalse(driver.negotiate(1L << 5)); }

    @Test
    void featuresThatWereNotOfferedAreRefused() { assertFalse(driver.negotiate(Driver.VERSION_1 | 1L << 6)); }

    @Test
    void featuresBehindTheOfferedWordsAreRefused() {
        driver.set(0x070, 0);
        driver.set(0x024, 2);
        driver.set(0x020, 1);
        driver.set(0x024, 1);
        driver.set(0x020, 1);
        driver.set(0x070, Driver.FEATURES_OK | 3);

        assertEquals(3, driver.status());
    }

    @Test
    void driverOkWithoutFeaturesOkStartsNothing() {
        driver.negotiate(0);
        driver.driverOk();

        assertEquals(3, driver.status());
        assertEquals(List.of("reset"), device.calls);
    }

    @Test
    void queueThatIsNotThereHasNoSizeAndTakesNothing() {
        driver.set(0x030, 2);
        driver.set(0x044, 1);
        assertEquals(0, driver.get(0x034));
        assertEquals(0, driver.get(0x044));
        driver.set(0x030, -1);
        driver.set(0x038, 8);
        assertEquals(0, driver.get(0x034));
    }

    @Test
    void notificationReachesTheDeviceOnlyBetweenDriverOkAndReset() {
        driver.negotiate(Driver.VERSION_1);
        driver.ring(1);
        driver.set(0x050, 1);
        driver.driverOk();
        driver.set(0x050, 1);
        driver.set(0x050, 0);
        driver.set(0x050, 7);
        driver.set(0x050, -1);
        driver.set(0x070, 0);
        driver.set(0x050, 1);

        assertEquals(List.of("reset", "start", "queue 1", "queue 1", "reset"), device.calls);
    }

    @Test
    void queueIsReadyUntilItIsTakenAwayOrReset() {
        driver.negotiate(Driver.VERSION_1);
        driver.ring(0);
        assertEquals(1, driver.get(0x044));
        driver.set(0x044, 0);
        assertEquals(0, driver.get(0x044));
        driver.ring(0);
        driver.set(0x070, 0);
        assertEquals(0, driver.get(0x044));
    }

    @Test
    void badQueuesNeedResetWhenTheyAreMadeReady() {
        assertTrue(needsReset(0, 0x10_0000, 0x10_1000, 0x10_2000));
        assertTrue(needsReset(3, 0x10_0000, 0x10_1000, 0x10_2000));
        assertTrue(needsReset(16, 0x10_0000, 0x10_1000, 0x10_2000));
        assertTrue(needsReset(-8, 0x10_0000, 0x10_1000, 0x10_2000));
        assertTrue(needsReset(8, 0x10_0008, 0x10_1000, 0x10_2000));
        assertTrue(needsReset(8, 0x10_0000, 0x10_1001, 0x10_2000));
        assertTrue(needsReset(8, 0x10_0000, 0x10_1000, 0x10_2002));
        assertTrue(needsReset(8, 0x9_ffe0, 0x10_1000, 0x10_2000));
        assertTrue(needsReset(8, 0x10_0000, 0x3f_fffe, 0x10_2000));
        assertTrue(needsReset(8, 0x10_0000, 0x10_1000, 0x40_0000));
        assertTrue(needsReset(8, 0x10_0000, 0x10_1000, -8));
        assertTrue(needsReset(8, Long.MIN_VALUE, 0x10_1000, 0x10_2000));
        assertFalse(needsReset(8, 0x10_0000, 0x10_1000, 0x10_2000));
    }

    @Test
    void queueThatIsReadyCannotBeMoved() {
        driver.negotiate(Driver.VERSION_1);
        Ring ring = driver.ring(0, 8);
        driver.set(0x080, 0xa_0000);
        driver.set(0x038, 4);
        driver.driverOk();
        ring.request(Ring.toDevice(0x10_0000, 1));

        assertEquals(0, driver.status() & Driver.NEEDS_RESET);
    }

    @Test
    void interruptStatusHoldsTheLineUntilAllOfItIsAcknowledged() {
        driver.negotiate(Driver.VERSION_1);
        Ring ring = driver.ring(0);
        driver.driverOk();
        ring.request(Ring.toDevice(0x10_0000, 1));
        device.transport.configChanged();

        assertEquals(3, driver.get(0x060));
        driver.set(0x064, 1);
        assertTrue(driver.line());
        driver.set(0x064, 2);
        assertFalse(driver.line());
        assertEquals(1, driver.interrupts());
    }

    @Test
    void resetLowersTheInterruptAndForgetsWhatWasNegotiated() {
        driver.negotiate(Driver.VERSION_1);
        Ring ring = driver.ring(0);
        driver.driverOk();
        ring.request(Ring.toDevice(0x10_0000, 1));
        driver.set(0x070, 0);

        assertFalse(driver.line());
        assertEquals(0, driver.status());
        assertEquals(0, driver.get(0x060));
    }

    @Test
    void brokenRingRaisesTheConfigurationInterruptAndSilencesAllQueues() {
        driver.negotiate(Driver.VERSION_1);
        Ring ring = driver.ring(0, 8);
        Ring other = driver.ring(1, 8);
        driver.driverOk();
        ring.publish(8);
        ring.kick();
        assertEquals(2, driver.acknowledge());
        other.offer(Ring.toDevice(0x10_0000, 1));
        other.kick();

        assertFalse(other.hasUsed());
        assertEquals(1, ((MmioTransport) driver.registers).violations());
    }

    private boolean needsReset(int size, long descriptors, long available, long used) {
        driver.negotiate(Driver.VERSION_1);
        driver.set(0x030, 0);
        driver.set(0x038, size);
        driver.set(0x080, (int) descriptors);
        driver.set(0x084, (int) (descriptors >>> 32));
        driver.set(0x090, (int) available);
        driver.set(0x094, (int) (available >>> 32));
        driver.set(0x0a0, (int) used);
        driver.set(0x0a4, (int) (used >>> 32));
        driver.set(0x044, 1);
        return (driver.status() & Driver.NEEDS_RESET) != 0;
    }

    /** A device that gives back what it is given and writes down what happens to it. */
    private static final class Probe implements VirtioDevice {
        private final List<String> calls = new ArrayList<>();
        private final Chain chain = new Chain();
        private Transport transport;

        @Override
        public void save(StateWriter out) {}

        @Override
        public void restore(StateReader in) {}

        @Override
        public int deviceId() { return 42; }

        @Override
        public long features() { return 1L << 5; }

        @Override
        public int queueCount() { return 2; }

        @Override
        public int queueSizeMax(int queue) { return 8; }

        @Override
        public void start(Transport transport) {
            this.transport = transport;
            calls.add("start");
        }

        @Override
        public void queueNotified(int queue) {
            calls.add("queue " + queue);
            while (transport.queue(queue).take(chain)) {
                transport.queue(queue).put(chain);
            }
            transport.queue(queue).signal();
        }

        @Override
        public void reset() { calls.add("reset"); }
    }
}
