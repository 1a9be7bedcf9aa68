package dev.sojourn.device.virtio.console;

import static dev.sojourn.device.virtio.Ring.fromDevice;
import static dev.sojourn.device.virtio.Ring.toDevice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import dev.sojourn.memory.GuestMemory;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtioConsoleTest {
    private static final int TERMINAL = 0;
    private static final int IN = 1;
    private static final int OUT = 2;

    private final GuestMemory memory = new GuestMemory(16 << 20);
    private final Feed keys = new Feed();
    private final Feed input = new Feed();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final VirtioConsole console = new VirtioConsole(List.of(
            new ConsolePort("terminal", true, keys, screen::write),
            new ConsolePort("in", false, input, ByteSink.NONE),
            new ConsolePort("out", false, ByteSource.NONE, output::write)));
    private final ConsoleDriver guest = new ConsoleDriver(new Driver(memory, console));

    @AfterEach
    void close() { memory.close(); }

    @Test
    void portsAppearWithConsoleOpenAndNameInThisOrder() {
        guest.probe(ConsoleDriver.ALL);

        assertEquals(List.of("add 0", "add 1", "add 2", "console 0", "open 0", "name 0 terminal",
                "open 1", "name 1 in", "open 2", "name 2 out"), guest.heard);
    }

    @Test
    void configurationSaysSizeAndNumberOfPorts() {
        console.resize(132, 43);

        assertEquals(132, guest.driver.registers.read(0x100, 2));
        assertEquals(43, guest.driver.registers.read(0x102, 2));
        assertEquals(3, guest.driver.registers.read(0x104, 4));
        assertEquals(3L << 32 | 43 << 16 | 132, guest.driver.registers.read(0x100, 8));
        assertEquals(0, guest.driver.registers.read(0x1fe, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4095, 4096, 4097, 32768, 65535, 65536, 65537, 100_000})
    void outputArrivesByteExactWhateverTheRequestSize(int requestBytes) {
        guest.probe(ConsoleDriver.ALL);
        byte[] bytes = random(Math.min(300_000, 500 * requestBytes) + 1);

        guest.writeAll(OUT, bytes, requestBytes);

        assertArrayEquals(bytes, output.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 262_143, 262_144, 262_145, 1_000_003})
    void inputArrivesByteExactAndThenTheEnd(int length) {
        byte[] bytes = random(length);
        input.add(bytes);
        input.end();
        guest.probe(ConsoleDriver.ALL);
        assertTrue(guest.hostOpen(IN));
        guest.open(IN);

        ByteArrayOutputStream received = new ByteArrayOutputStream();
        while (guest.receiver(IN).hasUsed()) {
            assertTrue(guest.hostOpen(IN) || input.spent());
            received.writeBytes(guest.readAll(IN));
        }
        guest.listen();

        assertArrayEquals(bytes, received.toByteArray());
        assertFalse(guest.hostOpen(IN));
        assertEquals("close 1", guest.heard.getLast());
    }

    @Test
    void inputInPiecesOfAnySizeArrivesInOrder() {
        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);
        Random random = new Random(7);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            byte[] piece = new byte[random.nextInt(1, 20_000)];
            random.nextBytes(piece);
            sent.writeBytes(piece);
            input.add(piece);
            console.inputReady(IN);
            if (random.nextInt(4) == 0) {
                received.writeBytes(guest.readAll(IN));
            }
        }
        while (guest.receiver(IN).hasUsed()) {
            received.writeBytes(guest.readAll(IN));
        }

        assertArrayEquals(sent.toByteArray(), received.toByteArray());
    }

    @Test
    void endIsNotToldWhileTheGuestHasNoRoomForTheLastBytes() {
        byte[] bytes = random(64 * 4096 + 1);
        input.add(bytes);
        input.end();
        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);

        assertTrue(guest.hostOpen(IN));

        assertEquals(bytes.length, guest.readAll(IN).length + guest.readAll(IN).length);
        guest.listen();
        assertFalse(guest.hostOpen(IN));
    }

    @Test
    void nothingIsTakenFromTheSourceBeforeTheGuestOpensThePort() {
        input.add(random(10));
        guest.probe(ConsoleDriver.ALL);
        console.inputReady(IN);

        assertFalse(guest.receiver(IN).hasUsed());
        assertFalse(console.guestOpen(IN));
        assertEquals(10, input.left());
        guest.open(IN);
        assertEquals(10, guest.readAll(IN).length);
        assertTrue(console.guestOpen(IN));
    }

    @Test
    void closedPortGetsNoInputUntilItIsOpenedAgain() {
        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);
        guest.close(IN);
        input.add(random(5));
        console.inputReady(IN);

        assertFalse(guest.receiver(IN).hasUsed());
        guest.open(IN);
        assertEquals(5, guest.readAll(IN).length);
    }

    @Test
    void endOfAConsoleIsNotTold() {
        keys.end();
        guest.probe(ConsoleDriver.ALL);
        guest.listen();

        assertTrue(guest.hostOpen(TERMINAL));
    }

    @Test
    void inputRaisesTheInterruptAndAcknowledgementLowersIt() {
        guest.probe(ConsoleDriver.ALL & ~Driver.EVENT_IDX);
        guest.open(IN);
        guest.driver.acknowledge();
        assertFalse(guest.driver.line());

        input.add(random(1));
        console.inputReady(IN);

        assertTrue(guest.driver.line());
        assertEquals(1, guest.driver.acknowledge());
        assertFalse(guest.driver.line());
    }

    @Test
    void resizeIsToldToConsolesAndShowsInTheConfiguration() {
        guest.probe(ConsoleDriver.ALL);
        guest.heard.clear();
        int generation = guest.driver.get(0x0fc);

        console.resize(80, 25);
        guest.listen();

        assertEquals(List.of("resize 0 80x25"), guest.heard);
        assertEquals(80 | 25 << 16, guest.driver.get(0x100));
        assertTrue(generation != guest.driver.get(0x0fc));
        assertEquals(3, guest.driver.acknowledge());
    }

    @Test
    void sizeKnownBeforeTheGuestIsToldWithThePort() {
        console.resize(80, 25);
        guest.probe(ConsoleDriver.ALL);

        assertTrue(guest.heard.containsAll(List.of("console 0", "resize 0 80x25")));
        assertTrue(guest.heard.indexOf("console 0") < guest.heard.indexOf("resize 0 80x25"));
    }

    @Test
    void manyResizesWithoutRoomForMessagesBecomeOne() {
        guest.probe(ConsoleDriver.ALL);
        guest.heard.clear();
        for (int i = 1; i <= 1000; i++) {
            console.resize(i, i);
        }
        guest.listen();
        guest.listen();

        assertTrue(guest.heard.size() <= guest.controlReceiver().size() + 1, guest.heard::toString);
        assertEquals("resize 0 1000x1000", guest.heard.getLast());
    }

    @Test
    void driverOfASinglePortTalksToPortZero() {
        keys.add("ls\n".getBytes());
        guest.probeSinglePort();

        assertArrayEquals("ls\n".getBytes(), guest.readAll(TERMINAL));
        guest.write(TERMINAL, "hello".getBytes(), 0, 5);
        assertEquals("hello", screen.toString());
    }

    @Test
    void resetMidFlightKeepsBytesTheGuestHasNotGot() {
        byte[] bytes = random(600_000);
        input.add(bytes);
        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);
        byte[] first = guest.readAll(IN);
        int given = first.length + pendingBytes();

        guest.probe(ConsoleDriver.ALL);
        assertFalse(guest.receiver(IN).hasUsed());
        guest.open(IN);
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        while (guest.receiver(IN).hasUsed()) {
            rest.writeBytes(guest.readAll(IN));
        }

        assertArrayEquals(Arrays.copyOfRange(bytes, given, bytes.length), rest.toByteArray());
    }

    @Test
    void inputWhileResetIsKeptForTheNextDriver() {
        guest.probe(ConsoleDriver.ALL);
        guest.driver.set(0x070, 0);
        input.add(random(3));
        console.inputReady(IN);
        console.resize(1, 1);
        assertFalse(guest.driver.line());

        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);
        assertEquals(3, guest.readAll(IN).length);
    }

    @Test
    void outputInScatteredAndIndirectBuffersIsJoined() {
        guest.probe(ConsoleDriver.ALL);
        byte[] bytes = random(9000);
        long at = guest.driver.allocate(9000);
        long table = guest.driver.allocate(64);
        memory.write(at, bytes);
        Ring ring = guest.transmitter(OUT);
        ring.request(toDevice(at, 1), toDevice(at + 1, 4999), toDevice(at + 5000, 4000));
        ring.offerIndirect(table, toDevice(at, 5000), toDevice(at + 5000, 3999), toDevice(at + 8999, 1));
        ring.kick();
        ring.take();

        byte[] twice = Arrays.copyOf(bytes, 18000);
        System.arraycopy(bytes, 0, twice, 9000, 9000);
        assertArrayEquals(twice, output.toByteArray());
    }

    @Test
    void hugeRequestNeedsResetInsteadOfHoldingTheMachine() {
        guest.probe(ConsoleDriver.ALL);
        guest.transmitter(OUT).offer(toDevice(0x10_0000, 8 << 20));
        guest.transmitter(OUT).kick();

        assertTrue((guest.driver.status() & Driver.NEEDS_RESET) != 0);
        assertEquals(0, output.size());
        guest.probe(ConsoleDriver.ALL);
        guest.write(OUT, new byte[] {1}, 0, 1);
        assertEquals(1, output.size());
    }

    @Test
    void inputRequestWithoutRoomNeedsReset() {
        guest.probe(ConsoleDriver.ALL & ~Driver.EVENT_IDX);
        guest.open(IN);
        input.add(random(64 * 4096));
        console.inputReady(IN);
        Ring ring = guest.receiver(IN);
        ring.take();
        ring.offer(toDevice(0x10_0000, 4));
        input.add(random(1));
        ring.notifyDevice();

        assertTrue((guest.driver.status() & Driver.NEEDS_RESET) != 0);
    }

    @Test
    void brokenDeviceGivesNoInputUntilItIsReset() {
        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);
        guest.transmitter(OUT).publish(64);
        guest.transmitter(OUT).kick();
        input.add(random(3));
        console.inputReady(IN);

        assertTrue((guest.driver.status() & Driver.NEEDS_RESET) != 0);
        assertFalse(guest.receiver(IN).hasUsed());
        guest.probe(ConsoleDriver.ALL);
        guest.open(IN);
        assertEquals(3, guest.readAll(IN).length);
    }

    @Test
    void controlBufferTooSmallForAMessageNeedsReset() {
        guest.probe(ConsoleDriver.ALL);
        Ring ring = guest.controlReceiver();
        for (int i = 0; i < ring.size(); i++) {
            console.resize(i + 1, 1);
        }
        ring.take();
        ring.offer(fromDevice(0x10_0000, 11));
        ring.notifyDevice();
        console.resize(1, 1);

        assertTrue((guest.driver.status() & Driver.NEEDS_RESET) != 0);
    }

    @Test
    void senselessControlMessagesAreIgnored() {
        guest.probe(ConsoleDriver.ALL);
        guest.heard.clear();
        guest.say(77, 6, 1);
        guest.say(-1, 3, 1);
        guest.say(0, 99, 1);
        guest.say(-1, 0, 0);
        guest.say(1, 3, 0);
        guest.listen();

        assertEquals(List.of(), guest.heard);
        assertEquals(0, guest.driver.status() & Driver.NEEDS_RESET);
    }

    @Test
    void driverThatSaysItIsReadyWithoutEndHearsEachPortOnce() {
        guest.probe(ConsoleDriver.ALL);
        guest.heard.clear();
        for (int i = 0; i < 10_000; i++) {
            guest.say(-1, 0, 1);
        }
        guest.listen();
        guest.listen();

        assertTrue(guest.heard.size() < 100, () -> guest.heard.size() + " messages");
    }

    @Test
    void hundredMegabytesPassEachWay() {
        long[] count = new long[1];
        VirtioConsole wide = new VirtioConsole(List.of(
                new ConsolePort("both", false, new Zeros(100 << 20), (_, _, length) -> count[0] += length)));
        ConsoleDriver driver = new ConsoleDriver(new Driver(memory, wide));
        driver.probe(ConsoleDriver.ALL);
        byte[] chunk = new byte[32 << 10];
        for (int i = 0; i < (100 << 20) / chunk.length; i++) {
            driver.write(0, chunk, 0, chunk.length);
        }
        driver.open(0);
        long received = 0;
        while (driver.receiver(0).hasUsed()) {
            received += driver.readAll(0).length;
        }

        assertEquals(100 << 20, count[0]);
        assertEquals(100 << 20, received);
    }

    @Test
    void badWiringIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new VirtioConsole(List.of()));
        assertThrows(IllegalArgumentException.class, () -> port(""));
        assertThrows(IllegalArgumentException.class, () -> port("a b"));
        assertThrows(IllegalArgumentException.class, () -> port("x".repeat(65)));
        assertThrows(IllegalArgumentException.class, () -> console.resize(70_000, 1));
    }

    private static ConsolePort port(String name) {
        return new ConsolePort(name, false, ByteSource.NONE, ByteSink.NONE);
    }

    private int pendingBytes() {
        int bytes = 0;
        Ring ring = guest.receiver(IN);
        while (ring.hasUsed()) {
            bytes += ring.take().length();
        }
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** A source that a test fills. */
    private static final class Feed implements ByteSource {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private int position;
        private boolean ended;

        void add(byte[] bytes) { all.writeBytes(bytes); }

        void end() { ended = true; }

        int left() { return all.size() - position; }

        boolean spent() { return left() == 0; }

        @Override
        public int read(byte[] target, int offset, int length) {
            int part = Math.min(left(), length);
            if (part == 0) {
                return ended ? -1 : 0;
            }
            System.arraycopy(all.toByteArray(), position, target, offset, part);
            position += part;
            return part;
        }
    }

    /** A source of many zeros. */
    private static final class Zeros implements ByteSource {
        private long left;

        Zeros(long left) { this.left = left; }

        @Override
        public int read(byte[] target, int offset, int length) {
            int part = (int) Math.min(left, length);
            left -= part;
            return part == 0 ? -1 : part;
        }
    }
}
