package dev.sojourn.conformance.kernel;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import dev.sojourn.machine.StateLog;
import dev.sojourn.sandbox.Determinism;
import dev.sojourn.sandbox.Devices;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.guest.GuestCache;
import dev.sojourn.sandbox.guest.GuestFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A command in the default guest, in this JVM; the kernel says all it has to say. */
final class DefaultGuest {
    /** A guest that takes longer has hung. */
    private static final Duration TIME_MAX = Duration.ofMinutes(4);

    private final List<Path> overlays = new ArrayList<>();
    private long memoryBytes = SandboxSpec.MEMORY_BYTES_DEFAULT;
    private int cpus = 1;
    private String guestInterface = "native";
    private EngineKind engine = EngineKind.INTERPRETER;
    private Optional<Determinism> determinism = Optional.empty();
    private Devices devices = Devices.NONE;
    private InputStream input = InputStream.nullInputStream();
    private Optional<OutputStream> output = Optional.empty();

    /**
     * How a run ended, and what it said.
     *
     * @param kernelLog what the kernel wrote on its console
     */
    record Run(Result result, byte[] output, byte[] error, String kernelLog) {
        String text() { return new String(output, StandardCharsets.UTF_8); }

        String errorText() { return new String(error, StandardCharsets.UTF_8); }

        /** The lines between a line "== name" and the next such line. */
        String section(String name) {
            String from = "== " + name + "\n";
            int start = text().indexOf(from);
            if (start < 0) throw new AssertionError("No section " + name + " in:\n" + text() + errorText() + kernelLog);
            String rest = text().substring(start + from.length());
            int end = rest.indexOf("== ");
            return end < 0 ? rest : rest.substring(0, end);
        }
    }

    /** The user's cache folder, where the launcher keeps the guest too. */
    static Path cache() {
        String folder = System.getenv("XDG_CACHE_HOME");
        return folder != null && folder.startsWith("/") ? Path.of(folder, "sojourn")
                : Path.of(System.getProperty("user.home"), ".cache", "sojourn");
    }

    /** The default guest's parts, fetched if this computer does not have them yet. */
    static GuestFiles files() throws SandboxError { return new GuestCache(cache()).get(System.err::println); }

    DefaultGuest memory(long mebibytes) {
        memoryBytes = mebibytes * SandboxSpec.MIB;
        return this;
    }

    DefaultGuest cpus(int count) {
        cpus = count;
        return this;
    }

    /** On another interface than a plain PC's. */
    DefaultGuest on(String name) {
        guestInterface = name;
        return this;
    }

    DefaultGuest engine(EngineKind kind) {
        engine = kind;
        return this;
    }

    /** The run is to repeat, and its states go to a log. */
    DefaultGuest deterministic(long seed, StateLog states) {
        determinism = Optional.of(new Determinism(seed, Optional.of(states)));
        return this;
    }

    DefaultGuest devices(Devices given) {
        devices = given;
        return this;
    }

    DefaultGuest overlay(Path path) {
        overlays.add(path);
        return this;
    }

    DefaultGuest input(byte[] bytes) {
        input = new ByteArrayInputStream(bytes);
        return this;
    }

    DefaultGuest input(InputStream stream) {
        input = stream;
        return this;
    }

    /** Output goes there instead of into {@link Run#output}. */
    DefaultGuest output(OutputStream stream) {
        output = Optional.of(stream);
        return this;
    }

    /** Runs a shell script. */
    Run script(String text) throws SandboxError { return run("sh", "-c", text); }

    Run run(String... words) throws SandboxError {
        return run(Stream.of(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toList());
    }

    Run run(List<byte[]> words) throws SandboxError {
        return run(spec(words));
    }

    /** A shell script in a sandbox that the caller runs. */
    Sandbox sandbox(String script, HostStreams streams) throws SandboxError {
        List<byte[]> words = Stream.of("sh", "-c", script).map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
        return new Sandbox(spec(words), streams);
    }

    private SandboxSpec spec(List<byte[]> words) throws SandboxError {
        Guest guest = new Guest.Command(files(), words, List.of(), "/", overlays, false, true);
        return new SandboxSpec(MachineType.usual(), guest, memoryBytes, cpus, engine, guestInterface, Optional.of(TIME_MAX), determinism,
                devices);
    }

    private Run run(SandboxSpec spec) throws SandboxError {
        ByteArrayOutputStream collected = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (Sandbox sandbox = new Sandbox(spec, new HostStreams(input, output.orElse(collected), error, log))) {
            Result result = sandbox.run();
            return new Run(result, collected.toByteArray(), error.toByteArray(), log.toString(StandardCharsets.UTF_8));
        }
    }
}
