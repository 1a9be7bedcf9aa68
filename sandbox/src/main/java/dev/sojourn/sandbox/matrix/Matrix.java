package dev.sojourn.sandbox.matrix;

import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.ExitTrace.Kind;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.trace.ExitTally;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Boots one kernel on one interface after the other.
 *
 * @param kernel the kernel image's file
 * @param busybox a static busybox
 * @param timeLimit for each boot
 */
public record Matrix(Path kernel, Path busybox, long memoryBytes, int cpus, EngineKind engine, Duration timeLimit) {
    /**
     * Boots it on one interface.
     *
     * @param running told of the sandbox while it can be stopped
     * @throws SandboxError if the kernel cannot be read at all
     */
    public MatrixRow boot(String guestInterface, Consumer<Sandbox> running) throws SandboxError {
        ExitTally tally = new ExitTally(0, false);
        Guest guest = new Guest.Probe(kernel, busybox, script());
        SandboxSpec spec = new SandboxSpec(guest, memoryBytes, cpus, engine, guestInterface, Optional.of(timeLimit));
        ProbeReport report = new ProbeReport();
        HostStreams streams = new HostStreams(InputStream.nullInputStream(), report, OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream());
        try (Sandbox sandbox = new Sandbox(spec, streams, tally)) {
            running.accept(sandbox);
            Result result = sandbox.run();
            return row(guestInterface, report, tally, failure(result, report), sandbox.lastLines());
        }
    }

    private static MatrixRow row(String guestInterface, ProbeReport report, ExitTally tally, Optional<String> failure,
            List<String> lastLines) {
        String hypervisor = report.answer("hypervisor").isEmpty() ? report.answer("paravirtualized")
                : report.answer("hypervisor");
        String processors = report.answer("processors");
        return new MatrixRow(guestInterface, failure, report.answer("kernel"), hypervisor, report.answer("clock"),
                processors.matches("[0-9]{1,4}") ? Integer.parseInt(processors) : 0, report.userSpace(), calls(tally),
                failure.isPresent() ? lastLines : List.of());
    }

    private static MatrixRow.Calls calls(ExitTally tally) {
        long others = 0;
        for (Kind kind : ExitTrace.Kind.values()) others += tally.count(kind, false);
        return new MatrixRow.Calls(tally.count(Kind.HYPERCALL, true),
                tally.count(Kind.MSR_READ, true) + tally.count(Kind.MSR_WRITE, true),
                tally.count(Kind.PORT_IN, true) + tally.count(Kind.PORT_OUT, true), tally.refused(), others);
    }

    private Optional<String> failure(Result result, ProbeReport report) {
        String ended = switch (result) {
            case Result.PoweredOff() -> "";
            case Result.Panicked _ -> "The kernel panicked";
            case Result.TripleFaulted(String detail, var _) -> "The processor shut down after a triple fault, " + detail;
            case Result.Halted _ -> "The guest halted for good";
            case Result.TimedOut _ -> "The guest did not end within " + timeLimit.toSeconds() + " s";
            case Result.Restarted() -> "The guest restarted itself";
            case Result.EnginesDiffer(String difference, var _) -> "The engines differ: " + difference;
            case Result.Stopped() -> "The guest was stopped";
            case Result.Moved() -> "The guest moved to another host";
            case Result.Exited _, Result.Failed _, Result.OutputClosed _, Result.OutputFailed _ ->
                    throw new AssertionError(result);
        };
        if (!ended.isEmpty()) return Optional.of(ended + ".");
        if (!report.isComplete()) return Optional.of("The guest switched itself off before it had reported.");
        String processors = report.answer("processors");
        if (!processors.equals(Integer.toString(cpus))) {
            return Optional.of("The guest has " + processors + " processors, not " + cpus + ".");
        }
        return report.alarms().isEmpty() ? Optional.empty()
                : Optional.of("The kernel complained: " + report.alarms().getFirst());
    }

    private static String script() {
        try (InputStream stream = Matrix.class.getResourceAsStream("probe.sh")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
