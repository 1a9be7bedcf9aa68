package dev.sojourn.device.virtio.block;

import static dev.sojourn.device.virtio.Ring.fromDevice;
import static dev.sojourn.device.virtio.Ring.toDevice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import dev.sojourn.memory.GuestMemory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtioBlockTest {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int FLUSH = 4;
    private static final int GET_ID = 8;
    private static final int DISCARD = 11;
    private static final int WRITE_ZEROES = 13;

    private static final int OK = 0;
    private static final int IOERR = 1;
    private static final int UNSUPP = 2;
    private static final int NONE = 0xaa;

    private static final long F_FLUSH = 1 << 9;
    private static final long HEADER = 0x18_0000;
    private static final long DATA = 0x19_0000;
    private static final long STATUS = 0x18_8000;

    private final GuestMemory memory = new GuestMemory(8 << 20);
    private final MemoryStore store = new MemoryStore(64);
    private final VirtioBlock device = new VirtioBlock(store, "disk0");
    private final Driver driver = new Driver(memory, device);
    private Ring ring = start(-1);

    @AfterEach void close() { memory.close(); }

    @Test void configurationTellsTheSize() {
        assertEquals(64, driver.registers.read(0x100, 8));
        assertEquals(512, driver.registers.read(0x114, 4));
    }

    @Test void whatIsWrittenIsRead() {
        memory.write(DATA, "some words".getBytes(StandardCharsets.US_ASCII));
        assertEquals(OK, request(OUT, 3, toDevice(DATA, 1024)));
        assertEquals('s', store.content[3 * 512]);
        assertEquals(OK, request(IN, 3, fromDevice(DATA + 0x1000, 512), fromDevice(DATA + 0x2000, 512)));
        byte[] read = new byte[10];
        memory.read(DATA + 0x1000, read, 0, 10);
        assertArrayEquals("some words".getBytes(StandardCharsets.US_ASCII), read);
    }

    @Test void lastSectorIsThereAndTheNextIsNot() {
        assertEquals(OK, request(IN, 63, fromDevice(DATA, 512)));
        assertEquals(IOERR, request(IN, 63, fromDevice(DATA, 1024)));
        assertEquals(IOERR, request(IN, 64, fromDevice(DATA, 512)));
        assertEquals(IOERR, request(OUT, -1, toDevice(DATA, 512)));
        assertEquals(IOERR, request(OUT, Long.MAX_VALUE / 256, toDevice(DATA, 512)));
    }

    @Test void partsOfSectorsAreRefused() { assertEquals(IOERR, request(IN, 0, fromDevice(DATA, 100))); }

    @Test void failureIsTold() {
        store.failing = true;
        assertEquals(IOERR, request(IN, 0, fromDevice(DATA, 512)));
        assertEquals(IOERR, request(FLUSH, 0));
    }

    @Test void flushMakesDurable() {
        memory.write(DATA, new byte[] {1});
        assertEquals(OK, request(OUT, 0, toDevice(DATA, 512)));
        assertEquals(0, store.durable[0]);
        assertEquals(OK, request(FLUSH, 0));
        assertEquals(1, store.durable[0]);
    }

    @Test void withoutFlushEachWriteIsDurable() {
        ring = start(~F_FLUSH);
        memory.write(DATA, new byte[] {1});
        assertEquals(OK, request(OUT, 0, toDevice(DATA, 512)));
        assertEquals(1, store.durable[0]);
    }

    @Test void serialNumberIsTold() {
        assertEquals(OK, request(GET_ID, 0, fromDevice(DATA, 20)));
        byte[] name = new byte[6];
        memory.read(DATA, name, 0, 6);
        assertArrayEquals("disk0\0".getBytes(StandardCharsets.US_ASCII), name);
    }

    @Test void unknownRequestIsUnsupported() { assertEquals(UNSUPP, request(99, 0)); }

    @Test void zeroesAndDiscardsTakeOneRangeOnTheDisk() {
        store.content[512] = 1;
        assertEquals(OK, range(WRITE_ZEROES, 1, 1, 1));
        assertEquals(0, store.content[512]);
        assertEquals(OK, range(DISCARD, 0, 64, 0));
        assertEquals(IOERR, range(DISCARD, 1, 64, 0));
        assertEquals(IOERR, range(WRITE_ZEROES, -1, 1, 0));
        assertEquals(UNSUPP, range(DISCARD, 0, 1, 1));
        assertEquals(UNSUPP, range(WRITE_ZEROES, 0, 1, 2));
    }

    @Test void readOnlyDiskIsNotWritten() {
        store.readOnly = true;
        assertTrue((new Driver(memory, new VirtioBlock(store, "disk0")).offeredFeatures() & 1 << 5) != 0);
        memory.write(DATA, new byte[] {1});
        assertEquals(IOERR, request(OUT, 0, toDevice(DATA, 512)));
        assertEquals(IOERR, range(WRITE_ZEROES, 0, 1, 0));
        assertEquals(0, store.content[0]);
    }

    @Test void answerMayComeLater() {
        store.later = true;
        offer(IN, 0, fromDevice(DATA, 512));
        assertFalse(ring.hasUsed());
        assertTrue(device.busy());
        store.answerNext();
        assertTrue(ring.hasUsed());
        assertFalse(device.busy());
        assertTrue(driver.line());
    }

    @Test void answerAfterAResetGoesNowhere() {
        store.later = true;
        offer(IN, 0, fromDevice(DATA, 512));
        store.content[0] = 1;
        ring = start(-1);
        store.answerNext();
        assertFalse(ring.hasUsed());
        assertEquals(0, memory.getByte(DATA));
        assertFalse(device.busy());
        store.later = false;
        assertEquals(OK, request(IN, 0, fromDevice(DATA, 512)));
    }

    @Test void moreThanTheDeviceHoldsIsTakenLater() {
        store.later = true;
        for (int i = 0; i < 40; i++) {
            ring.offer(toDevice(HEADER, 16), fromDevice(DATA, 512), fromDevice(STATUS, 1));
        }
        ring.kick();
        int answered = 0;
        while (store.answerNext()) {
            answered++;
        }
        assertEquals(40, answered);
    }

    @Test void requestWithoutRoomForItsStatusNeedsReset() {
        ring.offer(toDevice(HEADER, 16));
        ring.kick();
        assertTrue((driver.status() & Driver.NEEDS_RESET) != 0);
    }

    private int range(int type, long sector, int sectors, int flags) {
        memory.putLong(DATA, sector);
        memory.putInt(DATA + 8, sectors);
        memory.putInt(DATA + 12, flags);
        return request(type, 0, toDevice(DATA, 16));
    }

    /** @return the status byte */
    private int request(int type, long sector, Ring.Buffer... data) {
        offer(type, sector, data);
        ring.take();
        driver.acknowledge();
        return memory.getByte(STATUS);
    }

    private void offer(int type, long sector, Ring.Buffer... data) {
        memory.putInt(HEADER, type);
        memory.putLong(HEADER + 8, sector);
        memory.putByte(STATUS, NONE);
        Ring.Buffer[] buffers = new Ring.Buffer[data.length + 2];
        buffers[0] = toDevice(HEADER, 16);
        System.arraycopy(data, 0, buffers, 1, data.length);
        buffers[data.length + 1] = fromDevice(STATUS, 1);
        ring.offer(buffers);
        ring.kick();
    }

    private Ring start(long features) {
        assertTrue(driver.negotiate(driver.offeredFeatures() & features));
        Ring started = driver.ring(0);
        driver.driverOk();
        return started;
    }
}
