package dev.sojourn.conformance.system;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.Host;
import dev.sojourn.machine.Inputs;
import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineClock;
import dev.sojourn.machine.MachineState;
import dev.sojourn.machine.VirtualClock;
import dev.sojourn.snapshot.SnapshotFile;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/** Snapshots that somebody has been at. */
public final class HostileSections {
    /** What numbers break things. */
    private static final long[] EDGES = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 0x7fff_ffffL, 0xffff_ffffL, 0x1_0000_0000L, 4096};
    private static final int TURNS = 3;

    private HostileSections() {}

    /** Restores a machine with a section spoilt, and runs it for some turns if it is not refused. */
    public static void restore(SnapshotFile file, Random random) throws IOException {
        MachineState state = file.state();
        List<Section> sections = new ArrayList<>(state.sections());
        int chosen = random.nextInt(sections.size());
        Section section = sections.get(chosen);
        byte[] bytes = section.bytes().clone();
        spoil(bytes, random);
        sections.set(chosen, new Section(section.name(), section.version(), section.mayIgnore(), bytes));
        Turns clock = new Turns();
        Inputs inputs = new Inputs(clock, () -> 0, (target, offset, length) -> Arrays.fill(target, offset, offset + length, (byte) 1));
        try (Machine machine = new Machine(new MachineState(state.shape(), state.nanos(), sections), file::mapRam,
                EngineKind.INTERPRETER, new Silence(), inputs)) {
            clock.machine = machine;
            machine.run();
        } catch (BadState e) {
            if (!e.getMessage().startsWith("The state of ")) {
                throw new AssertionError("No section is named: " + e.getMessage(), e);
            }
        }
    }

    /** Changes some bytes, or a quadword to one that breaks things. */
    static void spoil(byte[] bytes, Random random) {
        for (int i = random.nextInt(3); i >= 0 && bytes.length >= 8; i--) {
            int at = random.nextInt(bytes.length - 7);
            if (random.nextBoolean()) {
                bytes[at] = (byte) random.nextInt();
            } else {
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, EDGES[random.nextInt(EDGES.length)]);
            }
        }
    }

    /** Makes the checksums of a head right. */
    static void sign(byte[] head) {
        ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int table = Math.clamp(bytes.getInt(12), 0, head.length - 64);
        bytes.putInt(24, sum(head, 64, table));
        bytes.putInt(60, sum(head, 0, 60));
    }

    private static int sum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Virtual time of some turns. */
    private static final class Turns implements MachineClock {
        private final VirtualClock time = new VirtualClock(1000);
        private Machine machine;
        private int turns;

        @Override public long nanos() { return time.nanos(); }

        @Override public void follow(LongSupplier instructions) { time.follow(instructions); }

        @Override public void executed(long instructions) { stopAtEnd(); }

        @Override public void idleUntil(long nanos) { stopAtEnd(); }

        @Override public void stopAt(long nanos) { time.stopAt(nanos); }

        @Override public void go() { time.go(); }

        private void stopAtEnd() {
            if (++turns >= TURNS) {
                machine.stop();
            }
        }
    }

    private static final class Silence implements Host {
        @Override public ByteSink output(String port) { return ByteSink.NONE; }

        @Override public ByteSource input(String port) { return ByteSource.NONE; }
    }
}
