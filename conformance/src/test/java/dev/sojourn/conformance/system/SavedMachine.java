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
import dev.sojourn.machine.MachineSpec;
import dev.sojourn.machine.MachineType;
import dev.sojourn.machine.StateLog;
import dev.sojourn.snapshot.SnapshotFile;
import dev.sojourn.state.BadState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A deterministic machine with a small guest, and what that said on its serial port so far. */
record SavedMachine(Machine machine, ByteArrayOutputStream serial) implements AutoCloseable {
    private static final long MEMORY_BYTES = 16 << 20;
    private static final long SEED = 5;

    static SavedMachine of(byte[] kernel, int cpus, String guestInterface) {
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        MachineSpec spec = new MachineSpec(MachineType.usual(), MEMORY_BYTES, cpus, kernel, new byte[0], "", Entry.AUTO,
                EngineKind.INTERPRETER, guestInterface);
        try {
            return new SavedMachine(new Machine(spec, new Serial(serial), Inputs.deterministic(SEED)), serial);
        } catch (BadImage e) {
            throw new AssertionError(e);
        }
    }

    static SavedMachine restored(SnapshotFile file) throws BadState, IOException {
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        return new SavedMachine(new Machine(file.state(), file::mapRam, EngineKind.INTERPRETER, new Serial(serial),
                Inputs.deterministic(SEED)), serial);
    }

    /** Runs until so many million instructions are done; it can then only be saved. */
    void runTo(int millions) {
        machine.log((instructions, _, _) -> {
            if (instructions == millions * StateLog.PERIOD) {
                machine.stop();
            }
        });
        Ending ending = machine.run();
        if (!(ending instanceof Ending.Stopped)) {
            throw new AssertionError(ending + " before the end: " + text());
        }
    }

    /** Runs to power-off. @return what the guest said meanwhile */
    String runToEnd() {
        Ending ending = machine.run();
        if (!(ending instanceof Ending.PoweredOff)) {
            throw new AssertionError(ending + ": " + text());
        }
        return text();
    }

    String text() { return serial.toString(StandardCharsets.ISO_8859_1); }

    @Override
    public void close() { machine.close(); }

    private record Serial(ByteArrayOutputStream text) implements Host {
        @Override public ByteSink output(String port) { return port.equals(SERIAL) ? text::write : ByteSink.NONE; }

        @Override public ByteSource input(String port) { return ByteSource.NONE; }
    }
}
