package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest in real time that stands still, is cloned, and is saved: whole, and then what changed. */
class ClonesTest {
    private static final Revival REVIVAL = new Revival(EngineKind.INTERPRETER, Optional.of(Duration.ofMinutes(4)), Optional.empty());
    private static final String SCRIPT = "echo ready; read line; echo \"got $line\"; exit 3";

    @TempDir Path folder;

    @Test void clonesAndRestoredGuestsGoOnApartWithTheirOwnStreams() throws Exception {
        Screen screen = new Screen();
        PipedOutputStream typed = new PipedOutputStream();
        DefaultGuest guest = new DefaultGuest().memory(128).engine(EngineKind.TRANSLATOR);
        try (Sandbox sandbox = guest.sandbox(SCRIPT, screen.streams(new PipedInputStream(typed)))) {
            CompletableFuture<Result> result = CompletableFuture.supplyAsync(sandbox::run);
            screen.ready.await();
            Path whole = folder.resolve("whole.snap");
            Path changes = folder.resolve("changes.snap");
            sandbox.pause();
            assertTrue(sandbox.isPaused());
            sandbox.snapshot(whole);
            sandbox.resume();
            assertFalse(sandbox.isPaused());
            assertTrue(sandbox.snapshotChanges(changes, whole).base().isPresent());
            assertTrue(Files.size(changes) < 8 << 20, () -> changes.toFile().length() + " bytes");
            cloned(sandbox);
            restored(whole);
            restored(changes);
            typed.write("zero\n".getBytes(StandardCharsets.US_ASCII));
            typed.close();
            assertEquals(new Result.Exited(3), result.get());
            assertEquals("ready\ngot zero\n", screen.text());
            SandboxError ended = assertThrows(SandboxError.class, () -> sandbox.snapshot(whole));
            assertEquals("The guest has ended.", ended.getMessage());
        }
    }

    private static void cloned(Sandbox sandbox) throws Exception {
        Screen[] screens = {new Screen(), new Screen()};
        List<Sandbox> clones = sandbox.clones(2, REVIVAL, i -> screens[i].streams(said("clone " + i + "\n")));
        assertNotEquals(clones.get(0).generation(), clones.get(1).generation());
        for (int i = 0; i < 2; i++) {
            try (Sandbox clone = clones.get(i)) {
                assertEquals(new Result.Exited(3), clone.run());
                assertEquals("got clone " + i + "\n", screens[i].text());
            }
        }
    }

    private static void restored(Path file) throws SandboxError {
        Screen screen = new Screen();
        try (Sandbox restored = Sandbox.restore(file, REVIVAL, screen.streams(said("later\n")))) {
            assertEquals(List.of("sh", "-c", SCRIPT), restored.arguments());
            assertEquals(new Result.Exited(3), restored.run());
            assertEquals("got later\n", screen.text());
        }
    }

    @Test void whatIsNoSnapshotIsRefusedWithAdvice() throws Exception {
        Path file = Files.writeString(folder.resolve("letter.txt"), "Dear reader,");
        assertEquals("The file is not a snapshot; check the path.", refusal(file));
        assertTrue(refusal(folder.resolve("nothing")).startsWith("The snapshot " + folder.resolve("nothing") + " cannot be read: no such file"));
    }

    private static String refusal(Path file) {
        return assertThrows(SandboxError.class, () -> Sandbox.restore(file, REVIVAL, new Screen().streams(said(""))).close())
                .getMessage();
    }

    private static InputStream said(String text) { return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)); }

    private static final class Screen {
        private final CountDownLatch ready = new CountDownLatch(1);
        private final ByteArrayOutputStream output = new ByteArrayOutputStream() {
            @Override public synchronized void write(byte[] source, int offset, int length) {
                super.write(source, offset, length);
                ready.countDown();
            }
        };

        HostStreams streams(InputStream input) {
            return new HostStreams(input, output, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        }

        String text() { return output.toString(StandardCharsets.UTF_8); }
    }
}
