package dev.sojourn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.sandbox.guest.GuestCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The host in a process of its own, started by the first command that needs one, and real machines in it. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostProgramTest {
    private static final String KERNEL_TEXT = "here is the kernel\n";

    @TempDir private Path folder;
    private Program program;
    private Path kernel;

    @BeforeEach void prepare() throws IOException {
        program = new Program(folder, HostPlace.fromProperties(System.getProperties(), System.getenv()).cache());
        kernel = Files.write(folder.resolve("kernel"), TinyKernel.writing(KERNEL_TEXT));
    }

    @AfterEach void endHost() throws Exception {
        Path address = folder.resolve("state/host.json");
        Optional<ProcessHandle> host = Files.exists(address) ? Optional.of(hostPid()) : Optional.empty();
        succeed("host", "--stop", "--force");
        // It writes in the folder that is about to be removed.
        host.ifPresent(process -> process.onExit().join());
    }

    @Test void withoutHostThereIsNothingAndNothingIsStarted() throws Exception {
        assertEquals(1, succeed("ps").lines().count());
        assertEquals("sojourn: There is no sandbox 'web'.\n", program.run("", "logs", "web").error());
        assertFalse(Files.exists(folder.resolve("state")));
    }

    @Test void outputOutlivesAHostThatIsKilled() throws Exception {
        detachKernel();
        awaitKernelText();
        kill9(hostPid());
        JsonObject lost = sandbox();
        assertEquals("lost", lost.get("state").getAsString());
        assertEquals("The host ended while it ran.", lost.get("sentence").getAsString());
        assertEquals(KERNEL_TEXT, succeed("logs", "web"));
        Program.Outcome waited = program.run("", "wait", "web");
        assertEquals(125, waited.status());
        assertEquals("sojourn: The host ended while it ran.\n", waited.error());
        succeed("rm", "web");
        assertEquals(1, succeed("ps").lines().count());
    }

    @Test void whoAttachesIsHeardAndMayGo() throws Exception {
        detachKernel();
        awaitKernelText();
        Process attached = program.start("attach", "web").redirectError(folder.resolve("attach-error").toFile()).start();
        try (BufferedReader output = attached.inputReader()) {
            assertEquals(KERNEL_TEXT.strip(), output.readLine());
            attached.outputWriter().append("keys\n").flush();
            assertEquals("keys", output.readLine());
        }
        new ProcessBuilder("kill", "-INT", Long.toString(attached.pid())).start().waitFor();
        assertEquals(130, attached.waitFor());
        assertEquals("running", sandbox().get("state").getAsString());
        succeed("stop", "--timeout", "0", "web");
        assertEquals(137, sandbox().get("status").getAsInt());
    }

    @Test void snapshotGoesOnUnderAnotherNameAndClonesBesideIt() throws Exception {
        detachKernel();
        awaitKernelText();
        Path file = folder.resolve("web.snap");
        succeed("pause", "web");
        assertEquals("paused", sandbox().get("state").getAsString());
        succeed("snapshot", "web", file.toString());
        succeed("resume", "web");
        assertTrue(succeed("snapshot", "verify", file.toString()).startsWith("The snapshot is whole: sojourn-1 on native, 32M of memory"));
        assertEquals("again\n", succeed("restore", file.toString(), "--name", "again", "--engine", "interpreter"));
        assertEquals("web-1\nweb-2\n", succeed("clone", "web", "--count", "2"));
        for (String name : new String[] {"web", "again", "web-1", "web-2"}) {
            Process attached = program.start("attach", name).redirectError(folder.resolve("attach-error").toFile()).start();
            try (BufferedReader output = attached.inputReader()) {
                attached.outputWriter().append(name + "\n").flush();
                if (name.equals("web")) assertEquals(KERNEL_TEXT.strip(), output.readLine());
                assertEquals(name, output.readLine());
            } finally {
                attached.destroy();
            }
        }
    }

    @Test void commandThatCannotStartIsRefusedAndLeavesNothing() throws Exception {
        Path none = folder.resolve("none");
        Program.Outcome outcome = program.run("", "run", "--detach", "--name", "web", "--kernel", none.toString());
        assertEquals("sojourn: There is no kernel at " + none + "; check the path.\n", outcome.error());
        assertEquals(125, outcome.status());
        assertEquals(1, succeed("ps").lines().count());
    }

    @Test void guestIsAskedToStopAndItsStatusIsKept() throws Exception {
        Path cache = HostPlace.fromProperties(System.getProperties(), System.getenv()).cache();
        assumeTrue(new GuestCache(cache).present().isPresent() || GuestCache.packageClient().isPresent(), "no default guest");
        assertEquals("web\n", succeed("run", "--detach", "--name", "web", "-m", "128M", "--", "sh", "-c",
                "trap 'echo asked; exit 3' TERM; echo up; while :; do sleep 1; done"));
        try (BufferedReader output = program.start("logs", "-f", "web").start().inputReader()) {
            assertEquals("up", output.readLine());
            succeed("stop", "--timeout", "120s", "web");
            assertEquals("asked", output.readLine());
            assertEquals(null, output.readLine());
        }
        assertEquals(3, program.run("", "wait", "web").status());
        assertTrue(succeed("ps").lines().toList().get(1).matches("web +ended +3 .*"), succeed("ps"));
    }

    private void detachKernel() throws Exception {
        assertEquals("web\n", succeed("run", "-d", "-i", "--name", "web", "-m", "32M", "--engine", "interpreter", "--kernel",
                kernel.toString()));
    }

    private void awaitKernelText() throws IOException {
        Process follower = program.start("logs", "-f", "web").start();
        try (BufferedReader output = follower.inputReader()) {
            assertEquals(KERNEL_TEXT.strip(), output.readLine());
        } finally {
            follower.destroy();
        }
    }

    private JsonObject sandbox() throws Exception {
        return JsonParser.parseString(succeed("ps", "--json")).getAsJsonObject().getAsJsonArray("sandboxes").get(0).getAsJsonObject();
    }

    private ProcessHandle hostPid() throws IOException {
        long pid = JsonParser.parseString(Files.readString(folder.resolve("state/host.json"))).getAsJsonObject().get("pid").getAsLong();
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void kill9(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    private String succeed(String... words) throws Exception {
        Program.Outcome outcome = program.run("", words);
        assertEquals(0, outcome.status(), outcome.error());
        return outcome.output();
    }
}
