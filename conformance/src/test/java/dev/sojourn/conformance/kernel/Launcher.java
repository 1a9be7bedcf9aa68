package dev.sojourn.conformance.kernel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The program as its user starts it: {@code ./sojourn} in a checkout.
 *
 * <p>The checkout is a copy of this one's sources, so that the launcher's own build, which is part of what is tested, does
 * not meet the build that runs the tests. It stays in {@code target} and is built again after changes.
 */
final class Launcher {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> LEFT_OUT = Set.of("target", ".build", ".git", "test");
    private static final long SECONDS_MAX = 240;

    private final Path checkout;

    private Launcher(Path checkout) { this.checkout = checkout; }

    /** How a run ended. */
    record Run(int status, byte[] output, byte[] error) {
        String text() { return new String(output, StandardCharsets.UTF_8); }

        String errorText() { return new String(error, StandardCharsets.UTF_8); }

        @Override public String toString() { return status + "\n" + text() + "\n" + errorText(); }
    }

    /** The launcher of a checkout that is built. */
    static Launcher built() throws IOException, InterruptedException { return Holder.INSTANCE.get(); }

    Path checkout() { return checkout; }

    Run run(String... words) throws IOException, InterruptedException { return finish(start(words), new byte[0]); }

    /** Starts it with pipes for its streams. */
    Process start(String... words) throws IOException { return builder(words).start(); }

    ProcessBuilder builder(String... words) {
        List<String> line = new ArrayList<>(List.of(checkout.resolve("sojourn").toString()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        // A second guest in the background would only take time from the one that is tested.
        builder.environment().put("SOJOURN_NO_TRAINING", "1");
        return builder;
    }

    /** Feeds a process, reads all it says and waits for its end. */
    static Run finish(Process process, byte[] input) throws IOException, InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        try {
            List<Thread> pumps = List.of(pump(new ByteArrayInputStream(input), process.getOutputStream()),
                    pump(process.getInputStream(), output), pump(process.getErrorStream(), error));
            boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            if (!ended) throw new AssertionError("Still running:\n" + output + error);
            for (Thread pump : pumps) pump.join();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), output.toByteArray(), error.toByteArray());
    }

    private static Thread pump(InputStream from, OutputStream to) {
        return Thread.ofVirtual().start(() -> {
            try (from; to) {
                from.transferTo(to);
            } catch (IOException _) {
                // The process has ended, or does not read.
            }
        });
    }

    /** One copy for all tests of a run, made when the first of them asks. */
    private static final class Holder {
        static final Holder INSTANCE = new Holder();

        private Launcher launcher;

        synchronized Launcher get() throws IOException, InterruptedException {
            if (launcher == null) {
                Path checkout = Path.of("target", "checkout").toAbsolutePath();
                copy(checkout);
                Launcher made = new Launcher(checkout);
                Run version = made.run("--version");
                if (version.status() != 0) throw new AssertionError("The launcher does not build: " + version);
                launcher = made;
            }
            return launcher;
        }
    }

    private static void copy(Path target) throws IOException {
        Files.createDirectories(target);
        Files.walkFileTree(target, new SimpleFileVisitor<>() {
            @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith(".build") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (LEFT_OUT.contains(folder.getFileName().toString())) return FileVisitResult.SKIP_SUBTREE;
                Files.createDirectories(target.resolve(ROOT.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = target.resolve(ROOT.relativize(file));
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
