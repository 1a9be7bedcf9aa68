package dev.sojourn.conformance.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.machine.Ending;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.Host;
import dev.sojourn.machine.Inputs;
import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineClock;
import dev.sojourn.machine.MachineSpec;
import dev.sojourn.machine.MachineState;
import dev.sojourn.machine.MachineType;
import dev.sojourn.machine.VirtualClock;
import dev.sojourn.memory.RamImage;
import dev.sojourn.state.BadState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongSupplier;

/** What a guest reported by the serial port, and how its machine ended. */
record GuestRun(String text, Ending ending) {
    private static final long MEMORY_BYTES = 16 << 20;
    /** A guest has failed that runs longer than this. */
    private static final long INSTRUCTIONS_MAX = 5_000_000;
    private static final Set<String> TELLS_STATE = Set.of("native", "kvm", "vmware", "hyperv", "xen-pvh", "xen-pv", "vmi");

    /**
     * Runs a kernel on a machine whose instructions take a nanosecond each, and once more on one that is saved behind every turn and
     * goes on as another, which no guest can tell.
     */
    static GuestRun of(MachineType type, byte[] kernel, int cpus, String guestInterface, String expected) {
        keep(kernel, cpus, expected);
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        Limited clock = new Limited();
        MachineSpec spec = new MachineSpec(type, MEMORY_BYTES, cpus, kernel, new byte[0], "", Entry.AUTO,
                EngineKind.INTERPRETER, guestInterface);
        GuestRun whole;
        try (Machine machine = new Machine(spec, new Serial(serial), inputs(clock))) {
            clock.machine = machine;
            Ending ending = machine.run();
            whole = new GuestRun(serial.toString(StandardCharsets.ISO_8859_1), ending);
        } catch (BadImage e) {
            throw new AssertionError(e);
        }
        if (TELLS_STATE.contains(guestInterface)) {
            assertEquals(whole, inHops(spec), "saved and restored behind every turn");
        }
        return whole;
    }

    private static Inputs inputs(Limited clock) {
        return new Inputs(clock, () -> 0, (target, offset, length) -> Arrays.fill(target, offset, offset + length, (byte) 1));
    }

    private static GuestRun inHops(MachineSpec spec) {
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        Limited clock = new Limited();
        clock.hops = true;
        try {
            Machine machine = new Machine(spec, new Serial(serial), inputs(clock));
            while (true) {
                clock.machine = machine;
                Ending ending = machine.run();
                if (clock.saved == null || !(ending instanceof Ending.Stopped)) {
                    machine.close();
                    return new GuestRun(serial.toString(StandardCharsets.ISO_8859_1), ending);
                }
                Machine before = machine;
                Limited next = new Limited();
                next.hops = true;
                next.executed = clock.executed;
                machine = new Machine(clock.saved, memory -> RamImage.write(before.memory(), (offset, pages) -> {
                    byte[] bytes = new byte[pages.remaining()];
                    pages.get(bytes);
                    memory.write(RamImage.physical(memory, offset), bytes);
                }), EngineKind.INTERPRETER, new Serial(serial), inputs(next));
                before.close();
                clock = next;
            }
        } catch (BadImage | BadState | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void keep(byte[] kernel, int cpus, String expected) {
        String folder = System.getProperty("dev.sojourn.guests");
        if (folder != null) {
            String name = cpus + "-" + Integer.toHexString(Arrays.hashCode(kernel));
            try {
                Files.write(Path.of(folder, name + ".elf"), kernel);
                Files.writeString(Path.of(folder, name + ".txt"), expected.strip());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Serial(ByteArrayOutputStream text) implements Host {
        @Override public ByteSink output(String port) { return port.equals(SERIAL) ? text::write : ByteSink.NONE; }

        @Override public ByteSource input(String port) { return ByteSource.NONE; }
    }

    /** Virtual time that ends. */
    private static final class Limited implements MachineClock {
        private final VirtualClock time = new VirtualClock(1000);
        private long executed;
        private Machine machine;
        /** Saves the machine behind its turn, and stops it. */
        private boolean hops;
        private MachineState saved;

        @Override public long nanos() { return time.nanos(); }

        @Override public void follow(LongSupplier instructions) { time.follow(instructions); }

        @Override public void executed(long instructions) {
            executed += instructions;
            if (executed > INSTRUCTIONS_MAX) {
                machine.stop();
            } else if (hops && instructions > 0) {
                machine.post(this::save);
                machine.stop();
            }
        }

        private void save() {
            try {
                saved = machine.save();
            } catch (BadState e) {
                throw new AssertionError(e);
            }
        }

        @Override public void idleUntil(long nanos) {
            if (nanos == Long.MAX_VALUE) {
                machine.stop();
            } else {
                time.idleUntil(nanos);
            }
        }

        @Override public void stopAt(long nanos) { time.stopAt(nanos); }

        @Override public void go() { time.go(); }
    }
}
