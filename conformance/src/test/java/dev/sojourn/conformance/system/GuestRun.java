package dev.sojourn.conformance.system;

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
import dev.sojourn.machine.MachineType;
import dev.sojourn.machine.VirtualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** What a guest reported by the serial port, and how its machine ended. */
record GuestRun(String text, Ending ending) {
    private static final long MEMORY_BYTES = 16 << 20;
    /** A guest has failed that runs longer than this. */
    private static final long INSTRUCTIONS_MAX = 5_000_000;

    /** Runs a kernel on a machine whose instructions take a nanosecond each. */
    static GuestRun of(byte[] kernel, int cpus, String guestInterface, String expected) {
        keep(kernel, cpus, expected);
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        Limited clock = new Limited();
        MachineSpec spec = new MachineSpec(MachineType.SOJOURN_1, MEMORY_BYTES, cpus, kernel, new byte[0], "", Entry.AUTO,
                EngineKind.INTERPRETER, guestInterface);
        Inputs inputs = new Inputs(clock, () -> 0,
                (target, offset, length) -> Arrays.fill(target, offset, offset + length, (byte) 1));
        try (Machine machine = new Machine(spec, new Serial(serial), inputs)) {
            clock.machine = machine;
            Ending ending = machine.run();
            return new GuestRun(serial.toString(StandardCharsets.ISO_8859_1), ending);
        } catch (BadImage e) {
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

        @Override public long nanos() { return time.nanos(); }

        @Override public void stopAt(long nanos) { time.stopAt(nanos); }

        @Override public void go() { time.go(); }

        @Override public void follow(LongSupplier instructions) { time.follow(instructions); }

        @Override public void executed(long instructions) {
            executed += instructions;
            if (executed > INSTRUCTIONS_MAX) {
                machine.stop();
            }
        }

        @Override public void idleUntil(long nanos) {
            if (nanos == Long.MAX_VALUE) {
                machine.stop();
            } else {
                time.idleUntil(nanos);
            }
        }
    }
}
