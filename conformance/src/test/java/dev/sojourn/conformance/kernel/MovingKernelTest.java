package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.migration.Outcome;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock kernel moves to and fro while it packs, unpacks and compares data, and says a number after each round. */
class MovingKernelTest {
    private static final int ROUNDS = 8;
    private static final int MOVES = 4;
    private static final String WORK = """
            seq 3000 > /tmp/a
            for i in $(seq %d); do
                sort -r /tmp/a | gzip | gunzip | sort -n | cmp - /tmp/a || echo differs
                echo $i
            done
            """;

    @Test
    void nothingIsLostOnXenWithDirectPaging(@TempDir Path folder) throws Exception { moves("xen-pv", 2, folder); }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"native", "kvm", "vmware", "hyperv", "xen-pvh"})
    void nothingIsLostOn(String guestInterface, @TempDir Path folder) throws Exception { moves(guestInterface, 2, folder); }

    private static void moves(String guestInterface, int cpus, Path folder)
            throws SandboxError, IOException, InterruptedException, ExecutionException {
        List<byte[]> words = Stream.of("sh", "-c", WORK.formatted(ROUNDS)).map(w -> w.getBytes(StandardCharsets.UTF_8)).toList();
        Guest guest = new Guest.Command(DefaultGuest.files(), words, List.of(), "/", List.of(), false, true);
        SandboxSpec spec = new SandboxSpec(guest, 128 * SandboxSpec.MIB, cpus, EngineKind.INTERPRETER, guestInterface,
                Optional.of(Duration.ofMinutes(3)));
        try (TwoHosts hosts = new TwoHosts(folder, EngineKind.TRANSLATOR)) {
            hosts.start(new Sandbox(spec, hosts.streams()));
            hosts.awaitOutput();
            for (int i = 0; i < MOVES; i++) {
                Outcome outcome = hosts.move();
                assertTrue(outcome.moved(), outcome::toString);
            }
            assertEquals(new Result.Exited(0), hosts.result());
            assertTrue(hosts.allEnd());
            assertEquals(String.join("\n", IntStream.rangeClosed(1, ROUNDS).mapToObj(Integer::toString).toList()) + "\n", hosts.output());
        }
    }
}
