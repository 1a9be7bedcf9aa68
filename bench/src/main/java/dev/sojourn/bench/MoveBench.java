package dev.sojourn.bench;

import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.migration.Journal;
import dev.sojourn.migration.Limits;
import dev.sojourn.migration.Outcome;
import dev.sojourn.migration.Progress;
import dev.sojourn.migration.Receiver;
import dev.sojourn.migration.Sender;
import dev.sojourn.migration.Wire;
import dev.sojourn.sandbox.ArrivingSandbox;
import dev.sojourn.sandbox.DepartingSandbox;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.guest.GuestCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/**
 * How long a guest of 256 MB stands still when it moves over a loopback connection while it goes on writing its memory. In folder
 * {@code bench}:
 *
 * <pre>
 * java ... dev.sojourn.bench.MoveBench [moves [cache folder of the launcher]]
 * </pre>
 */
public final class MoveBench {
    private static final int MEBIBYTES = 256;
    private static final int WARM_UPS = 5;
    private static final int PERCENT = 100;
    private static final long PAUSE_MILLIS = 500;
    private static final String LOAD = """
            echo ready
            while :; do dd if=/dev/urandom of=/tmp/data bs=64k count=64 conv=notrunc 2>/dev/null; done
            """;
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(10), Long.MAX_VALUE, Duration.ofMinutes(5));

    private final SynchronousQueue<Sandbox> started = new SynchronousQueue<>();
    private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Path folder = Files.createTempDirectory("sojourn-bench");

    private MoveBench() throws IOException {}

    public static void main(String[] arguments) throws IOException, InterruptedException, SandboxError {
        int moves = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        Path cache = arguments.length > 1 ? Path.of(arguments[1]) : Path.of(System.getProperty("user.home"), ".cache", "sojourn");
        new MoveBench().run(moves, cache);
        System.exit(0);
    }

    private void run(int moves, Path cache) throws IOException, InterruptedException, SandboxError {
        Receiver receiver = new Receiver(offer -> new ArrivingSandbox(offer, new Revival(EngineKind.TRANSLATOR), streams(), ExitTrace.NONE,
                this::live, () -> {}), new Journal(folder.resolve("target")));
        Thread.ofPlatform().daemon().start(() -> accept(receiver));
        List<byte[]> words = Stream.of("sh", "-c", LOAD).map(String::getBytes).toList();
        Guest guest = new Guest.Command(new GuestCache(cache).get(_ -> {}), words, List.of(), "/", List.of(), false, false);
        Sandbox now = new Sandbox(new SandboxSpec(guest, MEBIBYTES * SandboxSpec.MIB, 1, EngineKind.TRANSLATOR, Optional.empty()), streams());
        Thread.ofPlatform().daemon().start(now::run);
        // The command has begun by then.
        Thread.sleep(Duration.ofSeconds(20));
        List<Outcome> outcomes = new ArrayList<>();
        Journal journal = new Journal(folder.resolve("source"));
        for (int i = 0; i < WARM_UPS + moves; i++) {
            Sender sender = new Sender(new DepartingSandbox(now, "bench", "bench", ""), String.format("%032x", i), "bench",
                    () -> wire(new Socket(door.getInetAddress(), door.getLocalPort())), journal, LIMITS, Progress.NONE);
            Thread.ofPlatform().daemon().start(() -> outcomes.add(sender.run()));
            now = started.take();
            Thread.sleep(PAUSE_MILLIS);
        }
        report(outcomes.subList(WARM_UPS, outcomes.size()));
    }

    private static void report(List<Outcome> outcomes) {
        double[] times = outcomes.stream().mapToDouble(o -> o.downtime().toNanos() / 1e6).sorted().toArray();
        System.out.printf("%d moves of %d MB: stood still p50 %.1f ms, p99 %.1f ms, worst %.1f ms; %.1f rounds, %.0f MB sent each%n",
                times.length, MEBIBYTES, times[times.length / 2], times[(times.length - 1) * (PERCENT - 1) / PERCENT],
                times[times.length - 1], outcomes.stream().mapToInt(Outcome::rounds).average().orElseThrow(),
                outcomes.stream().mapToLong(Outcome::sentBytes).average().orElseThrow() / (1 << 20));
    }

    /** Runs a guest that has arrived; the one who moves it goes on with it. */
    private void live(Sandbox arrived) {
        Thread.ofPlatform().daemon().start(() -> {
            arrived.run();
            arrived.close();
        });
        Thread.ofPlatform().daemon().start(() -> {
            try {
                started.put(arrived);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void accept(Receiver receiver) {
        try {
            while (true) {
                receiver.serve(wire(door.accept()));
            }
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
        }
    }

    private static Wire wire(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new Wire(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    private static HostStreams streams() {
        OutputStream none = OutputStream.nullOutputStream();
        return new HostStreams(InputStream.nullInputStream(), none, none, none);
    }
}
