package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All the ways a run ends other than by its command's end. */
class EndingTest {
    private static final int LINE = '\n';

    @Test void panicIsToldWithTheGuestsOwnLastLines() throws IOException, InterruptedException, SandboxError {
        Launcher.Run run = Launcher.built().run("run", "--kernel", DefaultGuest.files().kernel().toString(),
                "--cmdline", "console=ttyS0 quiet");
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.errorText().startsWith("sojourn: The guest kernel panicked. Its last lines:\n"), run::toString);
        assertTrue(run.errorText().contains("Kernel panic - not syncing: VFS: Unable to mount root fs"), run::toString);
        assertTrue(run.text().contains("Kernel panic - not syncing"), run::toString);
    }

    @Tag("long")
    @Test void crashOnDemandIsAPanic() throws SandboxError {
        DefaultGuest.Run run = new DefaultGuest().script("echo c >/proc/sysrq-trigger; sleep 60");
        Result.Panicked panicked = assertInstanceOf(Result.Panicked.class, run.result(), run::kernelLog);
        assertTrue(String.join("\n", panicked.lastLines()).contains("sysrq triggered crash"), panicked::toString);
    }

    @Tag("long")
    @Test void aRestartByTheGuestIsToldAsSuch() throws SandboxError {
        DefaultGuest.Run run = new DefaultGuest().script("kill -9 1; echo b >/proc/sysrq-trigger");
        assertInstanceOf(Result.Restarted.class, run.result(), run::kernelLog);
    }

    @Test void timeLimitEndsWith124() throws IOException, InterruptedException {
        Launcher.Run run = Launcher.built().run("run", "--timeout", "2s", "--", "sleep", "1000");
        assertEquals(124, run.status(), run::toString);
        assertTrue(run.errorText().startsWith("sojourn: The guest was ended at its time limit of 2s."), run::toString);
        assertEquals("", run.text());
    }

    @Test void interruptEndsWith130AndNothingIsLeft(@TempDir Path folder) throws IOException, InterruptedException {
        assertEndsBySignal("INT", 130, folder);
    }

    @Tag("long")
    @Test void terminationEndsWith143(@TempDir Path folder) throws IOException, InterruptedException {
        assertEndsBySignal("TERM", 143, folder);
    }

    @Tag("long")
    @Test void hangUpEndsWith129(@TempDir Path folder) throws IOException, InterruptedException {
        assertEndsBySignal("HUP", 129, folder);
    }

    @Test void hardestEndLeavesNothing(@TempDir Path folder) throws IOException, InterruptedException {
        assertEndsBySignal("KILL", 137, folder);
    }

    @Test void closedOutputEndsQuietly() throws IOException, InterruptedException {
        Process process = Launcher.built().start("run", "--", "yes");
        assertEquals('y', process.getInputStream().read());
        process.getInputStream().close();
        Launcher.Run run = Launcher.finish(process, new byte[0]);
        assertEquals(141, run.status(), run::toString);
        assertEquals("", run.errorText());
    }

    /** A guest at work is ended by a signal to the program alone; folders that it could write to are as before. */
    private static void assertEndsBySignal(String signal, int status, Path folder) throws IOException, InterruptedException {
        Launcher launcher = Launcher.built();
        ProcessBuilder builder = launcher.builder("run", "--", "sh", "-c", "echo ready; while :; do :; done");
        builder.directory(folder.toFile());
        builder.environment().put("TMPDIR", folder.toString());
        Set<String> before = files(folder, launcher);
        Process process = builder.start();
        while (process.getInputStream().read() != LINE) {
            assertTrue(process.isAlive(), "Ended before the signal");
        }
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "Still running after " + signal);
        assertEquals(status, process.exitValue());
        assertEquals("", new String(process.getErrorStream().readAllBytes()));
        assertEquals(before, files(folder, launcher));
    }

    private static Set<String> files(Path folder, Launcher launcher) throws IOException {
        Set<String> all = new TreeSet<>();
        for (Path start : new Path[] {folder, launcher.checkout(), DefaultGuest.cache()}) {
            try (Stream<Path> files = Files.walk(start)) {
                files.map(Path::toString).forEach(all::add);
            }
        }
        try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
            files.map(Path::toString).filter(name -> name.contains("sojourn") || name.contains("jline")).forEach(all::add);
        }
        return all;
    }
}
