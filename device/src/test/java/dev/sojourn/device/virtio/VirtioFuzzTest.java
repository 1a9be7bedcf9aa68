package dev.sojourn.device.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.ByteSource;
import dev.sojourn.device.virtio.block.MemoryStore;
import dev.sojourn.device.virtio.block.VirtioBlock;
import dev.sojourn.device.virtio.console.ConsolePort;
import dev.sojourn.device.virtio.console.VirtioConsole;
import dev.sojourn.device.virtio.entropy.VirtioEntropy;
import dev.sojourn.device.virtio.fs.FileService;
import dev.sojourn.device.virtio.fs.VirtioFs;
import dev.sojourn.device.virtio.net.Frame;
import dev.sojourn.device.virtio.net.LoopCable;
import dev.sojourn.device.virtio.net.VirtioNet;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver that does anything at all: nothing may be thrown, and a reset must always bring the device back. */
class VirtioFuzzTest {
    private static final long RAM = 4 << 20;
    private static final long RINGS = 0x10_0000;
    private static final int RING_STRIDE = 0x1000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11})
    void hostileDriverBreaksNothing(long seed) {
        Random random = new Random(seed);
        try (GuestMemory memory = new GuestMemory(RAM)) {
            VirtioConsole console = new VirtioConsole(List.of(port(random, "a", true), port(random, "b", false)));
            MemoryStore store = new MemoryStore(64);
            LoopCable cable = new LoopCable();
            VirtioNet card = new VirtioNet(cable, new byte[6]);
            VirtioFs files = new VirtioFs(new ShortService(), "tag");
            Driver driver = new Driver(memory, switch ((int) seed % 6) {
                case 4 -> card;
                case 5 -> files;
                case 0 -> new VirtioEntropy((target, offset, length) -> target[offset + length - 1] = 1);
                case 1 -> new VirtioBlock(store, "disk0");
                default -> console;
            });
            int broken = 0;
            int served = 0;
            for (int round = 0; round < 1500; round++) {
                start(driver, random);
                store.later = random.nextBoolean();
                for (int step = 0; step < 40; step++) {
                    store.answerNext();
                    cable.room = random.nextInt(4) > 0;
                    cable.toGuest.add(new Frame(new byte[100], 14 + random.nextInt(87), 0, 0, 0));
                    card.cableReady();
                    step(driver, console, random);
                }
                broken += (driver.status() & Driver.NEEDS_RESET) >> 6;
                served += driver.interrupts() > 0 ? 1 : 0;
                assertEquals(driver.get(0x060) != 0, driver.line(), "seed " + seed + ", round " + round);
            }
            assertTrue(broken > 0 && broken < 1500 && served > 0, "seed " + seed + ": " + broken + ", " + served);
            assertTrue(driver.negotiate(driver.offeredFeatures()));
            driver.ring(0);
            driver.driverOk();
            assertEquals(15, driver.status());
        }
    }

    /** A set-up that is mostly right, so that what comes after it reaches the rings. */
    private static void start(Driver driver, Random random) {
        driver.negotiate(driver.offeredFeatures() & (random.nextInt(4) == 0 ? random.nextLong() : -1));
        for (int queue = 0; queue < 6; queue++) {
            long base = RINGS + (long) queue * 3 * RING_STRIDE;
            driver.set(0x030, queue);
            driver.set(0x038, 1 << random.nextInt(6));
            driver.set(0x080, (int) mostly(random, base));
            driver.set(0x090, (int) mostly(random, base + RING_STRIDE));
            driver.set(0x0a0, (int) mostly(random, base + 2 * RING_STRIDE));
            driver.set(0x084, (int) mostly(random, 0));
            driver.memory.clear(base, 3 * RING_STRIDE);
            driver.set(0x044, 1);
        }
        driver.driverOk();
    }

    private static void step(Driver driver, VirtioConsole console, Random random) {
        int queue = random.nextInt(6);
        long base = RINGS + (long) queue * 3 * RING_STRIDE;
        switch (random.nextInt(12)) {
            case 0 -> driver.registers.write(random.nextInt(0x200), 1 << random.nextInt(4), random.nextLong());
            case 1 -> driver.registers.read(random.nextInt(0x200), 1 << random.nextInt(4));
            case 2 -> driver.set(4 * random.nextInt(0x40), random.nextInt() >> random.nextInt(32));
            case 3 -> console.inputReady(random.nextInt(2));
            case 4 -> console.resize(random.nextInt(0x1_0000), random.nextInt(0x1_0000));
            case 5 -> driver.acknowledge();
            case 6 -> driver.memory.putByte(base + random.nextInt(3 * RING_STRIDE), random.nextInt());
            default -> {
                offer(driver.memory, base, random);
                driver.set(0x050, queue);
            }
        }
    }

    /** Writes descriptors, good and bad, and messages of the control queue, and makes them available. */
    private static void offer(GuestMemory memory, long base, Random random) {
        for (int i = 0; i < 8; i++) {
            long at = base + 16 * random.nextInt(i == 0 ? 1 : 8);
            long buffer = RINGS + 0x8_0000 + random.nextInt(0x1_0000);
            memory.putLong(at, mostly(random, random.nextInt(8) == 0 ? base : buffer));
            memory.putInt(at + 8, (int) mostly(random, 16L * random.nextInt(300)));
            memory.putShort(at + 12, random.nextInt(16) == 0 ? random.nextInt() : random.nextInt(4));
            memory.putShort(at + 14, (int) mostly(random, random.nextInt(8)));
            memory.putInt(buffer & ~3L, random.nextInt(3));
            memory.putInt((buffer & ~3L) + 4, random.nextInt(8) | random.nextInt(2) << 16);
        }
        long available = base + RING_STRIDE;
        memory.putShort(available + 4 + 2 * random.nextInt(32), random.nextInt(8));
        int more = random.nextInt(random.nextInt(9) == 0 ? 99 : 2);
        memory.putShort(available + 2, memory.getShort(available + 2) + more);
    }

    private static long mostly(Random random, long value) {
        return switch (random.nextInt(60)) {
            case 0 -> random.nextLong();
            case 1 -> value + random.nextInt(-16, 17);
            case 2 -> RAM - random.nextInt(64);
            case 3 -> -random.nextInt(5000);
            default -> value;
        };
    }

    private static ConsolePort port(Random random, String name, boolean console) {
        ByteSource source = (_, _, length) -> random.nextInt(1000) == 0 ? -1 : random.nextInt(length + 1) / 8;
        return new ConsolePort(name, console, source, (_, _, _) -> {});
    }

    /** Answers each request with a few bytes. */
    private static final class ShortService implements FileService {
        @Override public void submit(byte[] request, int length, byte[] reply, int room, Answer answer) {
            if (room > 0) reply[0] = (byte) length;
            answer.done(Math.min(room, 16));
        }

        @Override public void save(StateWriter out) {}

        @Override public void restore(StateReader in) {}
    }
}
