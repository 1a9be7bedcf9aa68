package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Register.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.assembler.Memory;
import dev.sojourn.interfaces.CallText.Argument;
import dev.sojourn.interfaces.ExitTrace.Exit;
import dev.sojourn.interfaces.ExitTrace.Kind;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Guest.Image;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.matrix.Matrix;
import dev.sojourn.sandbox.matrix.MatrixRow;
import dev.sojourn.sandbox.trace.ExitTally;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trace tells of a guest, and a matrix of kernels that have nothing to tell. */
class TraceTest {
    private static final Duration TIME_MAX = Duration.ofMinutes(1);

    @TempDir Path folder;

    private ExitTally trace(CallingGuest guest, String guestInterface, ExitTally tally) throws IOException, SandboxError {
        Path kernel = Files.write(folder.resolve("kernel"), guest.g.kernel());
        SandboxSpec spec = new SandboxSpec(new Image(kernel, Optional.empty(), ""), SandboxSpec.MEMORY_BYTES_MIN, 1,
                EngineKind.INTERPRETER, guestInterface, Optional.of(TIME_MAX));
        OutputStream nowhere = OutputStream.nullOutputStream();
        try (Sandbox sandbox = new Sandbox(spec, new HostStreams(InputStream.nullInputStream(), nowhere, nowhere, nowhere),
                tally)) {
            assertEquals(new Result.PoweredOff(), sandbox.run());
        }
        return tally;
    }

    private static ExitTally.Row row(ExitTally tally, Kind kind, String name) {
        return tally.rows().stream().filter(row -> row.what().kind() == kind && row.what().name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + tally.rows()));
    }

    private static CallingGuest kvm() {
        CallingGuest guest = new CallingGuest("kvm");
        guest.set(RAX, 1);
        guest.call("", false);
        guest.set(RAX, 77);
        guest.set(RBX, 5);
        guest.call("", false);
        guest.write(0x4b56_4d03, 2);
        guest.read(0x4b56_4d01);
        return guest;
    }

    @Test void callsAreCountedByNameAndRefusalsToo() throws IOException, SandboxError {
        ExitTally tally = trace(kvm(), "kvm", new ExitTally(100, false));
        assertEquals(1, row(tally, Kind.HYPERCALL, "VAPIC_POLL_IRQ").count());
        assertEquals(0, row(tally, Kind.HYPERCALL, "VAPIC_POLL_IRQ").refused());
        assertEquals(1, row(tally, Kind.HYPERCALL, "unknown").refused());
        assertEquals(1, row(tally, Kind.MSR_WRITE, "STEAL_TIME").refused());
        assertEquals(0, row(tally, Kind.MSR_READ, "SYSTEM_TIME").refused());
        assertEquals(2, tally.refused());
        assertEquals(2, tally.count(Kind.HYPERCALL, true));
        assertTrue(row(tally, Kind.PORT_OUT, "UART").count() > 0);
    }

    @Test void callsAreListedWithArgumentsAndResult() throws IOException, SandboxError {
        List<Exit> calls = trace(kvm(), "kvm", new ExitTally(100, false)).calls();
        assertEquals(List.of(Kind.HYPERCALL, Kind.HYPERCALL, Kind.MSR_WRITE, Kind.MSR_READ),
                calls.stream().map(Exit::kind).toList());
        assertEquals(new Argument("rbx", 5), calls.get(1).call().arguments().getFirst());
        assertEquals(-1000, calls.get(1).result());
        assertEquals(new Argument("value", 2), calls.get(2).call().arguments().getFirst());
    }

    @Test void portCallsOfTheInterfaceAreAmongThem() throws IOException, SandboxError {
        CallingGuest guest = new CallingGuest("vmware");
        guest.set(RAX, 0x564d_5868);
        guest.set(RCX, 10);
        guest.set(RDX, 0x5658);
        guest.instruction("", false, new int[] {0xed});
        Exit call = trace(guest, "vmware", new ExitTally(100, false)).calls().getFirst();
        assertEquals("GETVERSION", call.call().name());
        assertEquals(Kind.PORT_IN, call.kind());
        assertEquals(6, call.result());
    }

    @Test void theListIsBounded() throws IOException, SandboxError {
        ExitTally tally = trace(kvm(), "kvm", new ExitTally(1, true));
        assertEquals(1, tally.calls().size());
        assertTrue(tally.dropped() > 3);
    }

    /** A guest that calls itself many names gets a table of a bounded size. */
    @Test void theTableIsBounded() throws IOException, SandboxError {
        CallingGuest guest = new CallingGuest("native");
        guest.a.mov(ECX, 4000);
        guest.a.label("again");
        guest.a.lea(RDX, Memory.at(RCX, 0x6000));
        guest.a.in(AL);
        guest.a.loop("again");
        ExitTally tally = trace(guest, "native", new ExitTally(0, false));
        assertTrue(tally.rows().size() < 600, () -> tally.rows().size() + " rows");
        assertTrue(row(tally, Kind.PORT_IN, "others").count() > 3000);
    }

    private MatrixRow matrix(CallingGuest guest) throws IOException, SandboxError {
        Path kernel = Files.write(folder.resolve("kernel"), guest.g.kernel());
        Path busybox = Files.write(folder.resolve("busybox"), new byte[] {1});
        return new Matrix(kernel, busybox, SandboxSpec.MEMORY_BYTES_MIN, 1, EngineKind.INTERPRETER, TIME_MAX)
                .boot("kvm", _ -> {});
    }

    @Test void kernelThatSaysNothingFails() throws IOException, SandboxError {
        CallingGuest guest = new CallingGuest("kvm");
        guest.g.print("I am no Linux\n");
        MatrixRow row = matrix(guest);
        assertEquals(Optional.of("The guest switched itself off before it had reported."), row.failure());
        assertEquals(List.of("I am no Linux"), row.lastLines());
        assertEquals(Optional.empty(), row.userSpace());
    }

    @Test void kernelThatFallsFailsWithItsLastWords() throws IOException, SandboxError {
        CallingGuest guest = new CallingGuest("kvm");
        guest.g.print("Mind the\ngap");
        guest.a.mov(RSP, 1L << 40);
        guest.a.db(0x0f, 0x0b);
        MatrixRow row = matrix(guest);
        assertTrue(row.failure().orElseThrow().startsWith("The processor shut down after a triple fault"), row::toString);
        assertEquals(List.of("Mind the", "gap"), row.lastLines());
    }

    @Test void kernelThatComplainsFails() throws IOException, SandboxError {
        MatrixRow row = matrix(reporting("sojourn-probe alarm WARNING: CPU: 0 at nowhere\n"));
        assertEquals(Optional.of("The kernel complained: WARNING: CPU: 0 at nowhere"), row.failure());
        assertEquals("kvm-clock", row.clock());
    }

    @Test void contentKernelPasses() throws IOException, SandboxError {
        MatrixRow row = matrix(reporting(""));
        assertEquals(Optional.empty(), row.failure());
        assertEquals("6.1.0-test", row.kernel());
        assertEquals("KVM", row.hypervisor());
        assertEquals(1, row.processors());
        assertTrue(row.userSpace().isPresent());
    }

    private static CallingGuest reporting(String more) {
        CallingGuest guest = new CallingGuest("kvm");
        guest.g.print("[    1.0] a messagesojourn-probe started\nsojourn-probe kernel 6.1.0-test\n"
                + "sojourn-probe hypervisor KVM\nsojourn-probe processors 1\nsojourn-probe clock kvm-clock\n" + more
                + "sojourn-probe end\n");
        return guest;
    }
}
