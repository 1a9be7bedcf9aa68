package dev.sojourn.cli;

import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.StateLog;
import dev.sojourn.sandbox.Determinism;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.Verdict;
import dev.sojourn.sandbox.guest.GuestCache;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out {@code sojourn run}: builds the spec, joins this process's streams, runs, and turns the result into a
 * status.
 */
final class Run {
    /** Lines of a difference that are shown; the file has all. */
    private static final int DIFFERENCES_MAX = 20;

    private final Invocation.Run asked;
    private final HostPlace place;
    private final Signals signals;
    private final FileDescriptor output;
    private final ExitTrace trace;

    Run(Invocation.Run asked, HostPlace place, Signals signals) {
        this(asked, place, signals, FileDescriptor.out, ExitTrace.NONE);
    }

    /** @param output where the guest's output goes */
    Run(Invocation.Run asked, HostPlace place, Signals signals, FileDescriptor output, ExitTrace trace) {
        this.asked = asked;
        this.place = place;
        this.signals = signals;
        this.output = output;
        this.trace = trace;
    }

    int status() {
        try {
            Result result = result();
            // Whoever sent a signal knows why the guest ended.
            return signals.status().isPresent() ? ExitStatus.FAILED : statusOf(result);
        } catch (SandboxError e) {
            if (signals.status().isEmpty()) Complaints.say(e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    private Result result() throws SandboxError {
        Optional<Path> hashes = asked.repeatable().flatMap(Invocation.Repeatable::stateHashes);
        if (hashes.isEmpty()) return result(Optional.empty());
        try (StateHashFile file = new StateHashFile(hashes.get())) {
            return result(Optional.of(file));
        }
    }

    private Result result(Optional<StateLog> states) throws SandboxError {
        Invocation.Limits limits = asked.limits();
        SandboxSpec spec = new SandboxSpec(limits.type(), guest(), limits.memoryBytes(), limits.cpus(), limits.engine(),
                limits.guestInterface(), limits.time(),
                asked.repeatable().map(repeatable -> new Determinism(repeatable.seed(), states)), asked.devices());
        Optional<HostTerminal> terminal = asked.terminal() ? Optional.of(new HostTerminal()) : Optional.empty();
        terminal.ifPresent(own -> signals.beforeHalt(own::close));
        Sandbox sandbox = new Sandbox(spec, streams(), trace);
        try (sandbox) {
            signals.onSignal(sandbox::stop);
            terminal.ifPresent(own -> own.watchSize(sandbox::resize));
            limits.time().ifPresent(time -> signals.endAfter(time.toMillis() + signals.graceMillis(),
                    ExitStatus.TIMED_OUT));
            Result result = sandbox.run();
            if (limits.engine() == EngineKind.VERIFY) {
                Complaints.say("Verified %d runs of compiled code, %d instructions.".formatted(sandbox.verifiedRuns(),
                        sandbox.verifiedInstructions()));
            }
            return result;
        } finally {
            sandbox.deviceFailure().ifPresent(Complaints::say);
            terminal.ifPresent(HostTerminal::close);
        }
    }

    private Guest guest() throws SandboxError {
        return switch (asked.what()) {
            case Invocation.What.Image(var kernel, var initialRoot, var commandLine) ->
                    new Guest.Image(kernel, initialRoot, commandLine);
            case Invocation.What.Command command -> {
                List<Guest.Variable> environment = new ArrayList<>();
                String kind = System.getenv("TERM");
                if (asked.terminal() && kind != null) environment.add(new Guest.Variable("TERM", kind));
                environment.addAll(command.environment());
                signals.onSignal(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroy));
                yield new Guest.Command(new GuestCache(place.cache()).get(Complaints::say), command.arguments(),
                        environment,
                        command.workingDirectory(), command.overlays(), asked.terminal(), asked.verbose());
            }
        };
    }

    private HostStreams streams() {
        boolean waits = asked.repeatable().isPresent() && HostTerminal.isTerminal(0);
        InputStream input = waits ? InputStream.nullInputStream() : new FileInputStream(FileDescriptor.in);
        InputStream keys = asked.terminal() ? new EscapeKey(input, this::escape) : input;
        OutputStream error = new FileOutputStream(FileDescriptor.err);
        return new HostStreams(keys, new FileOutputStream(output), error,
                asked.verbose() ? error : OutputStream.nullOutputStream());
    }

    /** The way out is a Ctrl-C that the guest does not see. */
    private void escape() { sun.misc.Signal.raise(new sun.misc.Signal("INT")); }

    private int statusOf(Result result) {
        if (result instanceof Result.EnginesDiffer(String difference, String reproducer)) return differ(difference, reproducer);
        Verdict verdict = Verdict.of(result, isOpenEnded());
        if (!verdict.sentence().isEmpty()) Complaints.say(verdict.sentence(), verdict.lastLines());
        return verdict.status();
    }

    private int differ(String difference, String reproducer) {
        List<String> lines = difference.lines().limit(DIFFERENCES_MAX).toList();
        Path file = place.cache().resolve("engines-differ-" + ProcessHandle.current().pid() + ".txt");
        String kept;
        try {
            Files.writeString(file, reproducer, StandardCharsets.UTF_8);
            kept = file + " has what it takes to see it again; please report it with that file.";
        } catch (IOException e) {
            kept = "What it takes to see it again could not be written to " + file + ": " + e.getMessage() + ".";
        }
        return failed("Compiled code did something else than the interpreter (name, compiled, interpreted). " + kept, lines);
    }

    /** Whether the guest's own end is an ordinary one: there is no command whose status is missing. */
    private boolean isOpenEnded() { return asked.terminal() || asked.what() instanceof Invocation.What.Image; }

    private static int failed(String sentence, List<String> lastLines) {
        Complaints.say(sentence, lastLines);
        return ExitStatus.FAILED;
    }
}
