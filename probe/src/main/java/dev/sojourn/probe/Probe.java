package dev.sojourn.probe;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.machine.Ending;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.Host;
import dev.sojourn.machine.Inputs;
import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineSpec;
import dev.sojourn.machine.MachineType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the probe guest in a machine: everything its guests can see, as text. */
public final class Probe {
    /** What the machine of every view has. */
    public static final long MEMORY_BYTES = 64 << 20;
    public static final int CPUS = 2;

    /** RAM on both sides of the hole below 4 GiB. */
    private static final long LARGE_MEMORY_BYTES = 5L << 30;
    static final String END = "end";
    private static final int TEXT_BYTES_MAX = 4 << 20;

    private Probe() {}

    /** What there are views of: the interfaces, and variants of them. */
    public static List<String> interfaces() {
        return Interfaces.names().stream().flatMap(name -> Stream.concat(Stream.of(name), Interfaces.find(name).orElseThrow().variants().stream()
                .map(variant -> name + Interfaces.VARIANT_MARK + variant))).toList();
    }

    /** The name of the file of a view. */
    static String file(String guestInterface) { return guestInterface.replace(Interfaces.VARIANT_MARK, '-') + ".txt"; }

    /** The view that is kept of a machine type; there is none of an interface that is not ours. */
    public static Optional<String> kept(MachineType type, String guestInterface) {
        try (InputStream text = Probe.class.getResourceAsStream(type.id() + "/" + file(guestInterface))) {
            return text == null ? Optional.empty() : Optional.of(new String(text.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The view of a guest on a machine that repeats exactly. */
    public static String view(MachineType type, String guestInterface) {
        return view(type, guestInterface, () -> Inputs.deterministic(0), EngineKind.INTERPRETER);
    }

    /**
     * The view of a guest: lines in the order of their characters, see docs/formats/probe.md.
     *
     * @param inputs for each of the machines it takes
     * @throws AssertionError if the probe guest does not come to its end
     */
    public static String view(MachineType type, String guestInterface, Supplier<Inputs> inputs, EngineKind engine) {
        List<String> lines = new ArrayList<>(run(spec(type, guestInterface, Entry.AUTO, ProbeGuest.kernel(guestInterface), engine), inputs.get()));
        if (ProbeGuest.hasLinuxEntry(guestInterface)) {
            lines.addAll(run(spec(type, guestInterface, Entry.LINUX_64, ProbeGuest.linuxKernel(), engine), inputs.get()));
            lines.addAll(run(new MachineSpec(type, LARGE_MEMORY_BYTES, MachineSpec.CPUS_MAX, ProbeGuest.largeKernel(), new byte[0], "probe",
                    Entry.AUTO, engine, guestInterface), inputs.get()));
        }
        return lines.stream().sorted().collect(Collectors.joining("\n", "", "\n"));
    }

    private static MachineSpec spec(MachineType type, String guestInterface, Entry entry, byte[] kernel, EngineKind engine) {
        return new MachineSpec(type, MEMORY_BYTES, CPUS, kernel, new byte[0], "probe", entry, engine, guestInterface);
    }

    private static List<String> run(MachineSpec spec, Inputs inputs) {
        ByteArrayOutputStream serial = new ByteArrayOutputStream();
        Bounds clock = new Bounds(inputs.clock());
        Ending ending;
        try (Machine machine = new Machine(spec, new Serial(serial), new Inputs(clock, inputs.date(), inputs.entropy()))) {
            clock.on(machine);
            ending = machine.run();
        } catch (BadImage e) {
            throw new AssertionError(e);
        }
        List<String> lines = serial.toString(StandardCharsets.US_ASCII).lines().toList();
        if (!(ending instanceof Ending.PoweredOff) || lines.isEmpty() || !lines.getLast().equals(END)) {
            throw new AssertionError("The probe guest on " + spec.guestInterface() + " ended by " + ending + " behind " + lines.size() + " lines: "
                    + lines.stream().skip(Math.max(0, lines.size() - 3)).toList());
        }
        return lines.subList(0, lines.size() - 1);
    }

    private record Serial(ByteArrayOutputStream text) implements Host {
        @Override
        public ByteSink output(String port) { return port.equals(SERIAL) ? this::write : ByteSink.NONE; }

        private void write(byte[] bytes, int offset, int length) {
            if (text.size() < TEXT_BYTES_MAX) {
                text.write(bytes, offset, length);
            }
        }

        @Override
        public ByteSource input(String port) { return ByteSource.NONE; }
    }
}
