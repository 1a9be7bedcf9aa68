package dev.sojourn.sandbox;

import dev.sojourn.boot.Entry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.machine.Attachment;
import dev.sojourn.machine.Ending;
import dev.sojourn.machine.Host;
import dev.sojourn.machine.Inputs;
import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineSpec;
import dev.sojourn.machine.MachineType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One guest with its limits, its streams and its lifecycle: made, run once, closed.
 *
 * <p>{@link #run()} blocks the thread it is called on, which becomes the machine's. {@link #stop()} and {@link #resize}
 * may be called on any thread and at any time before {@link #close()}.
 */
public final class Sandbox implements AutoCloseable {
    /** Why the host ended the guest; the first reason stands. */
    private sealed interface Cause {
        record Asked() implements Cause {}

        record TimeLimit(Duration limit) implements Cause {}

        record Panic() implements Cause {}

        record Output(IOException failure) implements Cause {}
    }

    private final SandboxSpec spec;
    private final HostStreams streams;
    private final ExitTrace trace;
    private final SerialLog serialLog = new SerialLog(() -> end(new Cause.Panic()));
    private final StatusProtocol status;
    private final InputPump input;
    private final SteadyInput steadyInput;
    private final Machine machine;
    private final AtomicReference<Optional<String>> deviceFailure = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Cause>> cause = new AtomicReference<>(Optional.empty());

    /**
     * Builds the machine and loads the guest; nothing runs yet.
     *
     * @throws SandboxError if the guest cannot be loaded as it is or with these limits
     */
    public Sandbox(SandboxSpec spec, HostStreams streams) throws SandboxError { this(spec, streams, ExitTrace.NONE); }

    /**
     * As {@link #Sandbox(SandboxSpec, HostStreams)}.
     *
     * @param trace told of every exit of the machine, on the machine's thread
     */
    public Sandbox(SandboxSpec spec, HostStreams streams, ExitTrace trace) throws SandboxError {
        this.spec = spec;
        this.streams = streams;
        this.trace = trace;
        String inputPort = inputPort();
        input = new InputPump(streams.input(), () -> machine().inputReady(inputPort));
        status = new StatusProtocol(() -> machine().inputReady(Host.CONTROL));
        steadyInput = new SteadyInput(streams.input());
        GuestInterface guestInterface = Interfaces.find(spec.guestInterface()).orElseThrow();
        if (!spec.devices().isEmpty() && !guestInterface.devices().virtio()) {
            throw new SandboxError("Guests of " + spec.guestInterface() + " find no virtio devices, so they have no disks, network or shared directories;"
                    + " choose another interface.");
        }
        Payload payload = Payload.of(spec.guest(), guestInterface, spec.devices());
        List<Attachment> attachments = AttachedDevices.open(spec.devices());
        try {
            machine = new Machine(new MachineSpec(MachineType.SOJOURN_1, spec.memoryBytes(), spec.cpus(), payload.kernel(),
                    payload.initialRoot(), payload.commandLine(), Entry.AUTO, spec.engine(), spec.guestInterface()), new Wiring(attachments),
                    spec.determinism().map(d -> Inputs.deterministic(d.seed())).orElseGet(Inputs::real));
            spec.determinism().flatMap(Determinism::states).ifPresent(machine::log);
        } catch (BadImage e) {
            throw new SandboxError(e.getMessage());
        }
    }

    /** Runs the guest to its end. */
    public Result run() {
        if (spec.determinism().isEmpty()) {
            input.start();
        } else {
            machine.inputReady(inputPort());
        }
        Thread limiter = limiter();
        try {
            return result(machine.run());
        } finally {
            limiter.interrupt();
            input.close();
        }
    }

    /** Ends the guest soon; without effect on one that has ended. */
    public void stop() { end(new Cause.Asked()); }

    /** Runs of compiled code that were checked against the interpreter, when the engine is to; all were right. After the run. */
    public long verifiedRuns() { return machine.verifiedRuns(); }

    /** Instructions in them. */
    public long verifiedInstructions() { return machine.verifiedInstructions(); }

    /** Tells the command's terminal its size. */
    public void resize(int columns, int rows) { machine.resize(Host.TTY, columns, rows); }

    /** The first time something behind a device failed, such as a full file system of the host; complete after {@link #close()}. */
    public Optional<String> deviceFailure() { return deviceFailure.get(); }

    @Override public void close() { machine.close(); }

    private Machine machine() { return machine; }

    private void end(Cause reason) {
        cause.compareAndSet(Optional.empty(), Optional.of(reason));
        machine.stop();
    }

    private Thread limiter() {
        return Thread.ofPlatform().daemon().name("sojourn-limit").start(() -> spec.timeLimit().ifPresent(limit -> {
            try {
                Thread.sleep(limit);
                end(new Cause.TimeLimit(limit));
            } catch (InterruptedException _) {
                // The guest ended in time.
            }
        }));
    }

    /** A status that arrived is the result, whatever came after it. */
    private Result result(Ending ending) {
        if (ending instanceof Ending.EnginesDiffer(String difference, String reproducer)) {
            return new Result.EnginesDiffer(difference, reproducer);
        }
        if (status.outcome().isPresent()) {
            return switch (status.outcome().get()) {
                case StatusProtocol.Outcome.Exit(int code) -> new Result.Exited(code);
                case StatusProtocol.Outcome.Failure(String reason) -> new Result.Failed(reason, lastLines());
            };
        }
        return switch (ending) {
            case Ending.PoweredOff() -> new Result.PoweredOff();
            case Ending.Reset() -> serialLog.panicked() ? new Result.Panicked(lastLines()) : new Result.Restarted();
            case Ending.TripleFault(String detail) -> new Result.TripleFaulted(detail, lastLines());
            case Ending.Halted() -> new Result.Halted(lastLines());
            case Ending.EnginesDiffer(String difference, String reproducer) -> new Result.EnginesDiffer(difference, reproducer);
            case Ending.Stopped() -> stopped(cause.get().orElse(new Cause.Asked()));
        };
    }

    private Result stopped(Cause reason) {
        return switch (reason) {
            case Cause.Asked() -> new Result.Stopped();
            case Cause.TimeLimit(Duration limit) -> new Result.TimedOut(limit, lastLines());
            case Cause.Panic() -> new Result.Panicked(lastLines());
            case Cause.Output(IOException failure) -> isClosed(failure) ? new Result.OutputClosed()
                    : new Result.OutputFailed("The output cannot be written: " + failure.getMessage() + ".");
        };
    }

    /** The platform tells a closed pipe from a full disk by its message alone. */
    private static boolean isClosed(IOException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(java.util.Locale.ROOT).contains("broken pipe");
    }

    /** What the guest said last on its console; after a panic, from shortly before it on. */
    public List<String> lastLines() { return serialLog.lastLines(); }

    private String inputPort() {
        return switch (spec.guest()) {
            case Guest.Command command -> command.terminal() ? Host.TTY : Host.STDIN;
            case Guest.Image _, Guest.Probe _ -> Host.SERIAL;
        };
    }

    /** Joins the machine's ports to the host's streams; a port that is not wired swallows and never speaks. */
    private final class Wiring implements Host {
        private final List<Attachment> attachments;
        private final boolean image = !(spec.guest() instanceof Guest.Command);
        private final ByteSink output = new OutputPort(streams.output(), e -> end(new Cause.Output(e)));
        private final ByteSink error = new OutputPort(streams.error(), _ -> {});
        private final ByteSink kernelLog = new OutputPort(streams.kernelLog(), _ -> {});

        @Override public ByteSink output(String port) {
            return switch (port) {
                case Host.SERIAL -> both(serialLog, image ? output : kernelLog);
                case Host.STDOUT, Host.TTY -> output;
                case Host.STDERR -> error;
                case Host.CONTROL -> image ? ByteSink.NONE : status;
                default -> ByteSink.NONE;
            };
        }

        Wiring(List<Attachment> attachments) { this.attachments = attachments; }

        @Override public List<Attachment> attachments() { return attachments; }

        @Override public void deviceFailed(String device, IOException failure) {
            deviceFailure.compareAndSet(Optional.empty(),
                    Optional.of("The guest's " + device + " failed: " + IoReasons.of(failure) + "."));
        }

        @Override public ExitTrace trace() { return trace; }

        @Override public ByteSource input(String port) {
            if (port.equals(inputPort())) return spec.determinism().isEmpty() ? input : steadyInput;
            return port.equals(Host.CONTROL) && !image ? status : ByteSource.NONE;
        }

        private static ByteSink both(ByteSink first, ByteSink second) {
            return (source, offset, length) -> {
                second.write(source, offset, length);
                first.write(source, offset, length);
            };
        }
    }
}
