package dev.sojourn.cli;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.StateFolder;
import dev.sojourn.host.client.HostClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the host, and starts one in the background where that is wanted. */
final class HostDoor {
    /** A slow computer takes some seconds for the start of a JVM. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    /** How long a host that nobody asked for stays without sandboxes. */
    private static final String IDLE = "10m";

    private static final long LOG_BYTES_MAX = 1 << 20;
    private static final int POLL_MILLIS = 20;

    private final StateFolder folder;

    HostDoor() throws HostError { folder = StateFolder.of(System.getenv(), System.getProperty("user.home")); }

    /** The host that runs, if one does. */
    Optional<HostClient> running() throws HostError, InterruptedException { return HostClient.of(folder, START_PATIENCE); }

    /** The host that runs, or one started now if there are sandboxes to tell of. */
    Optional<HostClient> ofRecords() throws HostError, InterruptedException {
        Optional<HostClient> running = running();
        return running.isPresent() || !folder.isUsed() ? running : Optional.of(started());
    }

    /** The host that runs, or one started now. */
    HostClient started() throws HostError, InterruptedException {
        Optional<HostClient> running = running();
        if (running.isPresent()) return running.get();
        folder.prepare();
        Process process = start();
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<HostClient> host = running();
            if (host.isPresent()) return host.get();
            // Of two that start at once, one goes: then there is the other.
            if (!process.isAlive() && !folder.isHosted()) break;
            Thread.sleep(POLL_MILLIS);
        }
        throw new HostError(Code.HOST_FAILED, "The host could not be started in the background; " + folder.log() + " tells why.");
    }

    /** Starts this program once more, as this JVM was started, out of reach of the terminal's signals. */
    private Process start() throws HostError {
        List<String> line = new ArrayList<>();
        program("setsid").ifPresent(path -> line.add(path.toString()));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options());
        line.addAll(List.of(Main.class.getName(), "host", "--background", "--idle", IDLE));
        try {
            Path log = folder.log();
            if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
                Files.move(log, log.resolveSibling("host.log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            ProcessBuilder builder = new ProcessBuilder(line).directory(folder.path().toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The host cannot be started in the background: " + e.getMessage() + ".");
        }
    }

    /** What this JVM was given before the name of its main class, but for what suits short commands only. */
    private static List<String> options() throws HostError {
        try {
            String[] words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8).split("\0");
            List<String> options = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                if (words[i].equals(Main.class.getName())) return options;
                if (!words[i].startsWith("-XX:TieredStopAtLevel=")) options.add(words[i]);
            }
        } catch (IOException _) {
            // Said below.
        }
        throw new HostError(Code.HOST_FAILED,
                "The host cannot be started in the background here; start it by 'sojourn host' in another terminal.");
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).filter(part -> part.startsWith("/"))
                .map(part -> Path.of(part, name)).filter(Files::isExecutable).findFirst();
    }
}
