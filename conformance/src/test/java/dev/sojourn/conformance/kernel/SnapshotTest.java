package dev.sojourn.conformance.kernel;

import dev.sojourn.conformance.system.HostileSections;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Determinism;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.snapshot.SnapshotFile;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The stock kernel saved in the middle of its work and gone on from there: to the instruction as if nothing had happened, on the
 * other engine.
 */
class SnapshotTest {
    private static final String BEGIN = "begin\n";
    private static final String WORK = "echo begin; seq 20000 | sort -r | gzip | sha256sum; od -An -N8 -tx1 /dev/urandom; exit 7";
    private static final long SEED = 11;
    private static final int HOSTILE_SECTIONS = 60;
    private static final Duration TIME_MAX = Duration.ofMinutes(4);

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"native", "xen-pv"})
    void savedGuestGoesOnAsIfNothingHadHappened(String name) throws Exception {
        goesOn(name, EngineKind.TRANSLATOR, EngineKind.INTERPRETER);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"native", "kvm", "vmware", "hyperv", "xen-pvh", "xen-pv"})
    void savedGuestGoesOnFromInterpreterToTranslator(String name) throws Exception {
        goesOn(name, EngineKind.INTERPRETER, EngineKind.TRANSLATOR);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"kvm", "vmware", "hyperv", "xen-pvh"})
    void savedGuestGoesOnFromTranslatorToInterpreter(String name) throws Exception {
        goesOn(name, EngineKind.TRANSLATOR, EngineKind.INTERPRETER);
    }

    private void goesOn(String name, EngineKind before, EngineKind after) throws Exception {
        Path file = folder.resolve(name + ".snap");
        Hashes whole = new Hashes();
        Screen first = new Screen();
        DefaultGuest guest = new DefaultGuest().on(name).cpus(2).memory(160).engine(before).deterministic(SEED, whole::add);
        try (Sandbox sandbox = guest.sandbox(WORK, first.streams())) {
            Thread saver = Thread.ofPlatform().start(() -> save(sandbox, first, file));
            assertEquals(new Result.Exited(7), sandbox.run(), first::all);
            saver.join();
        }
        Hashes rest = new Hashes();
        Screen second = new Screen();
        Revival revival = new Revival(after, Optional.of(TIME_MAX), Optional.of(new Determinism(SEED, Optional.of(rest::add))));
        try (Sandbox sandbox = Sandbox.restore(file, revival, second.streams())) {
            assertEquals(new Result.Exited(7), sandbox.run(), second::all);
        }
        assertTrue(rest.lines.size() > 10, () -> rest.lines.size() + " states");
        assertTrue(rest.lines.size() < whole.lines.size());
        assertEquals(whole.lines.subList(whole.lines.size() - rest.lines.size(), whole.lines.size()), rest.lines);
        assertFalse(second.text().contains(BEGIN), second::text);
        assertTrue(first.text().endsWith(second.text()), () -> first.text() + "\n" + second.text());
        assertTrue(second.text().matches("(?s)[0-9a-f]{64}  -\n.*"), second::text);
        hostile(file);
    }

    /** What is restored of a file that somebody has been at is refused, or runs without harm to the host. */
    private static void hostile(Path file) throws Exception {
        Random random = new Random(SEED);
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            snapshot.verify();
            for (int i = 0; i < HOSTILE_SECTIONS; i++) HostileSections.restore(snapshot, random);
        }
    }

    private static void save(Sandbox sandbox, Screen screen, Path file) {
        try {
            screen.begun.await();
            sandbox.snapshot(file);
        } catch (SandboxError | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Hashes {
        private final List<String> lines = new ArrayList<>();

        void add(long instructions, long nanos, long digest) { lines.add(instructions + " " + nanos + " " + Long.toHexString(digest)); }
    }

    /** What a guest says, and when it has said that it begins. */
    private static final class Screen {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final ByteArrayOutputStream log = new ByteArrayOutputStream();
        private final ByteArrayOutputStream output = new ByteArrayOutputStream() {
            @Override public synchronized void write(byte[] source, int offset, int length) {
                super.write(source, offset, length);
                if (toString(StandardCharsets.UTF_8).contains(BEGIN)) begun.countDown();
            }
        };

        HostStreams streams() { return new HostStreams(InputStream.nullInputStream(), output, OutputStream.nullOutputStream(), log); }

        String text() { return output.toString(StandardCharsets.UTF_8); }

        String all() { return text() + log.toString(StandardCharsets.UTF_8); }
    }
}
