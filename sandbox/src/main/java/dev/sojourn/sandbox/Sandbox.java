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
import dev.sojourn.machine.MachineEnded;
import dev.sojourn.machine.MachineSpec;
import dev.sojourn.machine.MachineState;
import dev.sojourn.machine.RamFiller;
import dev.sojourn.snapshot.BadSnapshot;
import dev.sojourn.snapshot.SnapshotAbout;
import dev.sojourn.snapshot.SnapshotFile;
import dev.sojourn.snapshot.SnapshotWriter;
import dev.sojourn.snapshot.Storage;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * One guest with its limits, its streams and its lifecycle: made, run once, closed.
 *
 * <p>{@link #run()} blocks the thread it is called on, which becomes the machine's. {@link #stop()}, {@link #askToStop()} and
 * {@link #resize} may be called on any thread and at any time before {@link #close()}.
 */
public final class Sandbox implements AutoCloseable {
    /** What its snapshots call their writer. */
    private static final String RELEASE = "0.1.0";

    /** Why the host ended the guest; the first reason stands. */
    private sealed interface Cause {
        record Asked() implements Cause {}

        record Moved() implements Cause {}

        record TimeLimit(Duration limit) implements Cause {}

        record Panic() implements Cause {}

        record Output(IOException failure) implements Cause {}
    }

    private final GuestKind kind;
    private final List<String> arguments;
    private final UUID generation = UUID.randomUUID();
    private final Optional<Duration> timeLimit;
    private final Optional<Determinism> determinism;
    private final HostStreams streams;
    private final ExitTrace trace;
    private final SerialLog serialLog = new SerialLog(() -> end(new Cause.Panic()));
    private final StatusProtocol status;
    private final InputPump input;
    private final SteadyInput steadyInput;
    private final Machine machine;
    private final AtomicReference<Optional<String>> deviceFailure = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Cause>> cause = new AtomicReference<>(Optional.empty());
    private final Object life = new Object();
    private boolean closed;
    private Optional<Machine.Hold> pause = Optional.empty();
    /** The snapshot since which the changes of memory are known. */
    private Optional<UUID> base = Optional.empty();
    private boolean followedElsewhere;

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
        kind = GuestKind.of(spec.guest());
        arguments = arguments(spec.guest());
        timeLimit = spec.timeLimit();
        determinism = spec.determinism();
        this.streams = streams;
        this.trace = trace;
        input = new InputPump(streams.input(), () -> machine().inputReady(kind.inputPort));
        status = new StatusProtocol(() -> machine().inputReady(Host.CONTROL));
        steadyInput = new SteadyInput(streams.input());
        GuestInterface guestInterface = Interfaces.find(spec.guestInterface()).orElseThrow();
        if (!spec.devices().isEmpty() && !guestInterface.devices().virtio()) {
            throw new SandboxError("Guests of " + spec.guestInterface() + " find no virtio devices, so they have no disks, network or"
                    + " shared directories; choose another interface.");
        }
        Payload payload = Payload.of(spec.guest(), guestInterface, spec.devices());
        List<Attachment> attachments = AttachedDevices.open(spec.devices());
        try {
            machine = new Machine(new MachineSpec(spec.type(), spec.memoryBytes(), spec.cpus(), payload.kernel(),
                    payload.initialRoot(), payload.commandLine(), Entry.AUTO, spec.engine(), spec.guestInterface()), new Wiring(attachments),
                    inputs());
            determinism.flatMap(Determinism::states).ifPresent(machine::log);
        } catch (BadImage e) {
            throw new SandboxError(e.getMessage());
        }
    }

    private Sandbox(SnapshotFile file, SandboxState state, boolean another, Revival revival, HostStreams streams, ExitTrace trace)
            throws BadState, IOException {
        this(another ? file.state().withoutEntropy() : file.state(), file::mapRam, state, revival, streams, trace);
        base = Optional.of(file.about().id());
    }

    /** One that goes on from a state that was told elsewhere. */
    Sandbox(MachineState saved, RamFiller ram, SandboxState state, Revival revival, HostStreams streams, ExitTrace trace)
            throws BadState, IOException {
        kind = state.kind();
        arguments = state.arguments();
        timeLimit = revival.timeLimit();
        determinism = revival.determinism();
        this.streams = streams;
        this.trace = trace;
        input = new InputPump(streams.input(), () -> machine().inputReady(kind.inputPort));
        status = new StatusProtocol(() -> machine().inputReady(Host.CONTROL));
        steadyInput = new SteadyInput(streams.input());
        state.restore(serialLog, status, input);
        machine = new Machine(saved, ram, revival.engine(), new Wiring(attachments(revival)), inputs());
        determinism.flatMap(Determinism::states).ifPresent(machine::log);
    }

    /**
     * Builds a sandbox that goes on where a snapshot was taken, with its command's streams from there on.
     *
     * @throws SandboxError if the file is not a snapshot that this release can restore, with its reason and advice
     */
    public static Sandbox restore(Path file, Revival revival, HostStreams streams) throws SandboxError {
        return restore(file, revival, streams, ExitTrace.NONE);
    }

    /** As {@link #restore(Path, Revival, HostStreams)}, with who is told of every exit, on the machine's thread. */
    public static Sandbox restore(Path file, Revival revival, HostStreams streams, ExitTrace trace) throws SandboxError {
        try (SnapshotFile snapshot = SnapshotFile.open(file)) {
            return new Sandbox(snapshot, SandboxState.of(snapshot.host()), false, revival, streams, trace);
        } catch (BadSnapshot | BadState e) {
            throw new SandboxError(e.getMessage());
        } catch (IOException e) {
            throw new SandboxError("The snapshot " + file + " cannot be read: " + IoReasons.of(e) + ".");
        }
    }

    private static List<Attachment> attachments(Revival revival) throws BadState {
        try {
            return AttachedDevices.open(revival.devices());
        } catch (SandboxError e) {
            throw new BadState(e.getMessage(), e);
        }
    }

    private Inputs inputs() { return determinism.map(d -> Inputs.deterministic(d.seed())).orElseGet(Inputs::real); }

    private static List<String> arguments(Guest guest) {
        return guest instanceof Guest.Command command
                ? command.arguments().stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList() : List.of();
    }

    /** The command that runs inside; empty if it is a kernel of its own. */
    public List<String> arguments() { return arguments; }

    /** Another for each sandbox, also for those that go on from one snapshot. */
    public UUID generation() { return generation; }

    /** The machine in it: for those who move it elsewhere. */
    public Machine machine() { return machine; }

    /**
     * Makes the guest stand still, with its clock, until {@link #resume}. Any thread but the machine's; waits for the guest to be
     * running. Without effect on one that stands still.
     *
     * @throws SandboxError if the guest has ended
     */
    public synchronized void pause() throws SandboxError, InterruptedException {
        if (pause.isEmpty()) {
            pause = Optional.of(hold());
        }
    }

    /** Lets the guest go on. Without effect on one that does. */
    public synchronized void resume() {
        pause.ifPresent(Machine.Hold::close);
        pause = Optional.empty();
    }

    public synchronized boolean isPaused() { return pause.isPresent(); }

    /**
     * Writes a snapshot of the guest as it is now, which goes on meanwhile as soon as its memory is copied. A file of that name is
     * replaced when the new one will survive a loss of power, and stays as it is if this fails.
     *
     * @throws SandboxError if the guest has ended, cannot be saved, or the file cannot be written
     */
    public synchronized SnapshotAbout snapshot(Path file) throws SandboxError, InterruptedException {
        return snapshot(file, Optional.empty(), Storage.FILES);
    }

    /**
     * As {@link #snapshot(Path)}, but of memory only what changed since {@code before}, the snapshot this sandbox wrote last or was
     * restored from, which must stay beside it.
     */
    public synchronized SnapshotAbout snapshotChanges(Path file, Path before) throws SandboxError, InterruptedException {
        SnapshotAbout.Base since;
        try (SnapshotFile opened = SnapshotFile.open(before)) {
            since = new SnapshotAbout.Base(opened.about().id(), before.getFileName().toString());
        } catch (BadSnapshot e) {
            throw new SandboxError(e.getMessage());
        } catch (IOException e) {
            throw new SandboxError("The snapshot " + before + " cannot be read: " + IoReasons.of(e) + ".");
        }
        if (!base.equals(Optional.of(since.id()))) {
            throw new SandboxError("The guest has not been followed since " + before + " was taken; take a whole snapshot.");
        }
        if (!before.toAbsolutePath().getParent().equals(file.toAbsolutePath().getParent()) || before.equals(file)) {
            throw new SandboxError("The changes since " + before + " belong into another file beside it.");
        }
        return snapshot(file, Optional.of(since), Storage.FILES);
    }

    /** @param storage where the file is kept */
    synchronized SnapshotAbout snapshot(Path file, Optional<SnapshotAbout.Base> since, Storage storage)
            throws SandboxError, InterruptedException {
        try (Machine.Hold hold = hold()) {
            base = Optional.empty();
            Section own = ownState();
            SnapshotWriter writer = new SnapshotWriter(storage, RELEASE);
            SnapshotAbout about = (followedElsewhere ? writer.withoutMarks() : writer)
                    .write(file, machine, List.of(own), since, hold::close);
            base = followedElsewhere ? Optional.empty() : Optional.of(about.id());
            return about;
        } catch (BadState e) {
            throw new SandboxError(e.getMessage());
        } catch (IOException e) {
            throw new SandboxError("The snapshot " + file + " cannot be written: " + IoReasons.of(e) + "; the guest goes on.");
        }
    }

    /**
     * Makes sandboxes that go on from where this one is now, and share its memory until they write to it. This one goes on. They
     * have their own generation, randomness and date; what the guest took of these before is in its memory and the same in all.
     *
     * @param streams for each by its number, from 0
     */
    public List<Sandbox> clones(int count, Revival revival, IntFunction<HostStreams> streams)
            throws SandboxError, InterruptedException {
        return clones(count, revival, streams, _ -> ExitTrace.NONE);
    }

    /** As {@link #clones(int, Revival, IntFunction)}, with who is told of every exit of each. */
    public List<Sandbox> clones(int count, Revival revival, IntFunction<HostStreams> streams, IntFunction<ExitTrace> traces)
            throws SandboxError, InterruptedException {
        List<Sandbox> clones = new ArrayList<>();
        boolean good = false;
        try {
            Path folder = Files.createTempDirectory("sojourn-clone");
            Path file = folder.resolve("snapshot");
            try {
                snapshot(file, Optional.empty(), Storage.VOLATILE);
                synchronized (this) {
                    base = Optional.empty();
                }
                try (SnapshotFile opened = SnapshotFile.open(file)) {
                    for (int i = 0; i < count; i++) {
                        clones.add(new Sandbox(opened, SandboxState.of(opened.host()), true, revival, streams.apply(i),
                                traces.apply(i)));
                        clones.getLast().base = Optional.empty();
                    }
                }
            } finally {
                // What is mapped of it stays.
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
            good = true;
            return List.copyOf(clones);
        } catch (BadSnapshot | BadState e) {
            throw new SandboxError(e.getMessage());
        } catch (IOException e) {
            throw new SandboxError("The guest cannot be cloned: " + IoReasons.of(e) + ".");
        } finally {
            if (!good) {
                clones.forEach(Sandbox::close);
            }
        }
    }

    private Section ownState() {
        return Section.of(SandboxState.SECTION, new SandboxState.Writer(kind, arguments, serialLog, status, input));
    }

    /** All of its state but RAM. While it is paused. @throws BadState if its interface does not tell its state */
    List<Section> state() throws BadState {
        List<Section> all = new ArrayList<>(machine.save().sections());
        all.add(ownState());
        return all;
    }

    /** Which pages changed is for somebody else to know from now on; a snapshot of changes has nothing to begin from. */
    synchronized void forgetBase() {
        base = Optional.empty();
        followedElsewhere = true;
    }

    /** Nobody else follows the changes of memory any more. */
    synchronized void followAgain() { followedElsewhere = false; }

    /** Ends the guest here; it goes on at another host. */
    void leave() { end(new Cause.Moved()); }

    private Machine.Hold hold() throws SandboxError, InterruptedException {
        try {
            return machine.hold();
        } catch (MachineEnded _) {
            throw new SandboxError("The guest has ended.");
        }
    }

    /** Runs the guest to its end. */
    public Result run() {
        if (determinism.isEmpty()) {
            input.start();
        } else {
            machine.inputReady(kind.inputPort);
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

    /** Asks the guest to end by itself: its command by a signal, a kernel by the power button. It may not listen. */
    public void askToStop() {
        if (kind == GuestKind.CONSOLE) {
            machine.pressPowerButton();
        } else {
            status.askToStop();
        }
    }

    /** Runs of compiled code that were checked against the interpreter, when the engine is to; all were right. After the run. */
    public long verifiedRuns() { return machine.verifiedRuns(); }

    /** Instructions in them. */
    public long verifiedInstructions() { return machine.verifiedInstructions(); }

    /** Tells the command's terminal its size. */
    public void resize(int columns, int rows) { machine.resize(Host.TTY, columns, rows); }

    /** The first time something behind a device failed, such as a full file system of the host; complete after {@link #close()}. */
    public Optional<String> deviceFailure() { return deviceFailure.get(); }

    @Override public void close() {
        synchronized (life) {
            closed = true;
            machine.close();
        }
    }

    /** Something that reads the guest's memory. */
    interface Reading {
        void read() throws IOException;
    }

    /** Reads memory, which is not freed meanwhile. @return false if it is already */
    boolean whileOpen(Reading reading) throws IOException {
        synchronized (life) {
            if (!closed) {
                reading.read();
            }
            return !closed;
        }
    }

    private void end(Cause reason) {
        cause.compareAndSet(Optional.empty(), Optional.of(reason));
        machine.stop();
    }

    private Thread limiter() {
        return Thread.ofPlatform().daemon().name("sojourn-limit").start(() -> timeLimit.ifPresent(limit -> {
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
            case Cause.Moved() -> new Result.Moved();
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

    /** Joins the machine's ports to the host's streams; a port that is not wired swallows and never speaks. */
    private final class Wiring implements Host {
        private final List<Attachment> attachments;
        private final boolean image = kind == GuestKind.CONSOLE;
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
            if (port.equals(kind.inputPort)) return determinism.isEmpty() ? input : steadyInput;
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
