package dev.sojourn.bench;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.guest.GuestCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * How long a restore and a clone take in a warm JVM, and what memory an idle clone takes for itself. In folder {@code bench}:
 *
 * <pre>
 * java ... dev.sojourn.bench.SnapshotBench [cache folder of the launcher]
 * </pre>
 */
public final class SnapshotBench {
    private static final int WARM_UPS = 10;
    private static final int SAMPLES = 20;
    private static final int CLONES = 100;
    private static final long IDLE_MILLIS = 10_000;
    private static final String IDLE = "echo ready; sleep 1000";

    private final Path cache;
    private final Path folder;

    private SnapshotBench(Path cache, Path folder) {
        this.cache = cache;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, SandboxError {
        Path cache = arguments.length > 0 ? Path.of(arguments[0]) : Path.of(System.getProperty("user.home"), ".cache", "sojourn");
        SnapshotBench bench = new SnapshotBench(cache, Files.createTempDirectory("sojourn-bench"));
        bench.restores();
        bench.clones();
        System.exit(0);
    }

    private void restores() throws SandboxError, InterruptedException, IOException {
        Path file = folder.resolve("idle.snap");
        try (Running idle = new Running(256)) {
            long start = System.nanoTime();
            idle.sandbox.snapshot(file);
            System.out.printf("snapshot of 256 MB, written and forced: %.1f ms%n", millis(start));
        }
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < WARM_UPS + SAMPLES; i++) {
            long start = System.nanoTime();
            try (Sandbox sandbox = Sandbox.restore(file, new Revival(EngineKind.TRANSLATOR), nowhere())) {
                // Posted work is done right before the first turn.
                double[] first = new double[1];
                sandbox.machine().post(() -> first[0] = millis(start));
                sandbox.machine().stop();
                sandbox.run();
                times.add(first[0]);
            }
        }
        report("restore of 256 MB to the first instruction", times);
        Files.delete(file);
    }

    private void clones() throws SandboxError, InterruptedException {
        try (Running idle = new Running(128)) {
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < WARM_UPS + SAMPLES; i++) {
                long start = System.nanoTime();
                List<Sandbox> one = idle.sandbox.clones(1, new Revival(EngineKind.TRANSLATOR), _ -> nowhere());
                times.add(millis(start));
                one.forEach(Sandbox::close);
            }
            report("clone of a running sandbox of 128 MB", times);
            System.gc();
            long before = privateKib();
            List<Sandbox> many = idle.sandbox.clones(CLONES, new Revival(EngineKind.TRANSLATOR), _ -> nowhere());
            many.forEach(sandbox -> Thread.ofPlatform().daemon().start(sandbox::run));
            Thread.sleep(IDLE_MILLIS);
            System.gc();
            System.out.printf("%d idle clones of 128 MB after %d s: %.2f MB private memory each%n", CLONES, IDLE_MILLIS / 1000,
                    (privateKib() - before) / 1024.0 / CLONES);
            many.forEach(Sandbox::stop);
        }
    }

    private static void report(String what, List<Double> all) {
        double[] times = all.subList(WARM_UPS, all.size()).stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf("%s: p50 %.1f ms, worst %.1f ms of %d%n", what, times[times.length / 2],
                Arrays.stream(times).max().orElseThrow(), times.length);
    }

    private static double millis(long start) { return (System.nanoTime() - start) / 1e6; }

    /** Of this process, by the kernel's account: memory that no other has, and no file. */
    private static long privateKib() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Private_Dirty:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HostStreams nowhere() {
        OutputStream none = OutputStream.nullOutputStream();
        return new HostStreams(InputStream.nullInputStream(), none, none, none);
    }

    /** A guest that has started its command and sleeps. */
    private final class Running implements AutoCloseable {
        private final CountDownLatch ready = new CountDownLatch(1);
        private final Sandbox sandbox;
        private final Thread runner;

        Running(int mebibytes) throws SandboxError, InterruptedException {
            ByteArrayOutputStream output = new ByteArrayOutputStream() {
                @Override public synchronized void write(byte[] source, int offset, int length) {
                    super.write(source, offset, length);
                    if (toString(StandardCharsets.UTF_8).contains("ready")) ready.countDown();
                }
            };
            List<byte[]> words = Stream.of("sh", "-c", IDLE).map(String::getBytes).toList();
            Guest guest = new Guest.Command(new GuestCache(cache).get(_ -> {}), words, List.of(), "/", List.of(), false, false);
            OutputStream none = OutputStream.nullOutputStream();
            sandbox = new Sandbox(new SandboxSpec(guest, mebibytes * SandboxSpec.MIB, 1, EngineKind.TRANSLATOR, Optional.empty()),
                    new HostStreams(InputStream.nullInputStream(), output, none, none));
            runner = Thread.ofPlatform().start(sandbox::run);
            ready.await();
        }

        @Override
        public void close() {
            sandbox.stop();
            try {
                runner.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            sandbox.close();
        }
    }
}
