package dev.sojourn.host.box;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.box.SandboxRecord.End;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.Verdict;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One sandbox of a host, from its creation until it is forgotten.
 *
 * <p>Implementation notes. Its thread opens the occupant, runs it and records its end; whatever that thread throws is recorded as
 * its end too and harms nobody else. The fields are guarded by this object's monitor, which is never held while something
 * waits. {@code opened} and {@code done} are completed once each, {@code done} last of all.
 */
public final class HostedSandbox {
    /** How a sandbox stands. */
    public enum State { STARTING, RUNNING, STOPPING, ENDED, LOST }

    /** What a guest that had to be ended leaves as its status: as if by SIGKILL. */
    private static final int KILLED = 128 + 9;

    /** Between turns a machine looks whether it is to stop; this is for one that waits for a slow disk. */
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Clock clock;
    private final Consumer<SandboxRecord> keeper;
    private final BiConsumer<HostedSandbox, EventLog.Kind> told;
    private final OutputLog output;
    private final InputQueue input = new InputQueue();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private SandboxRecord record;
    private State state;
    private Optional<Occupant> occupant = Optional.empty();
    private Optional<Instant> started = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private boolean killed;
    private long cpuNanos;

    /**
     * @param folder where its output goes
     * @param moments does what is left for a moment later
     * @param keeper given the record when it has changed
     * @param told of every change; called on the thread that makes it
     */
    HostedSandbox(SandboxRecord record, Path folder, Clock clock, ScheduledExecutorService moments, Consumer<SandboxRecord> keeper,
            BiConsumer<HostedSandbox, EventLog.Kind> told) {
        this.keeper = keeper;
        this.record = record;
        this.folder = folder;
        this.clock = clock;
        this.told = told;
        output = new OutputLog(folder, clock, moments);
        state = State.STARTING;
        record.end().ifPresent(end -> {
            state = end.lost() ? State.LOST : State.ENDED;
            output.close();
            opened.complete(null);
            done.complete(null);
        });
        boolean listens = record.creation().input() || record.creation().terminal();
        if (!listens || record.end().isPresent()) input.end();
    }

    /** Opens and runs it on a thread of its own; returns when it is open. @throws HostError if it cannot be opened */
    void start(Occupant.Maker maker) throws HostError {
        Thread own = Thread.ofPlatform().name("sandbox-" + name()).uncaughtExceptionHandler(this::failed).unstarted(() -> live(maker));
        synchronized (this) {
            thread = Optional.of(own);
        }
        own.start();
        try {
            opened.get();
        } catch (ExecutionException e) {
            throw new HostError(e.getCause() instanceof SandboxError ? HostError.Code.CANNOT_START : HostError.Code.INTERNAL,
                    e.getCause() instanceof SandboxError reason ? reason.getMessage()
                            : "The sandbox could not be opened for an error in Sojourn itself; the host's log has it.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    public SandboxName name() { return record().name(); }

    public synchronized State state() { return state; }

    public boolean isLive() { return state() != State.ENDED && state() != State.LOST; }

    /** Of its guest, whatever of it is in use. */
    public long memoryBytes() { return record().creation().memoryBytes(); }

    /** How it ended, if it has. */
    public Optional<Verdict> verdict() { return record().end().map(End::verdict); }

    /** Asks it to end and ends it if it has not within the time. Returns when it has ended. */
    void stop(Duration timeout) throws HostError, InterruptedException {
        if (!isLive()) return;
        synchronized (this) {
            if (state == State.RUNNING) {
                state = State.STOPPING;
                if (!timeout.isZero()) occupant.ifPresent(Occupant::askToStop);
            }
        }
        told.accept(this, EventLog.Kind.STOPPING);
        if (await(timeout)) return;
        kill();
        if (!await(KILL_PATIENCE)) {
            throw new HostError(HostError.Code.INTERNAL, "The sandbox '" + name() + "' does not end; the host's log may tell why.");
        }
    }

    /** Ends it soon. */
    synchronized void kill() {
        killed = true;
        occupant.ifPresent(Occupant::stop);
    }

    /** Waits for its end, but no longer than this. @return whether it has ended */
    public boolean await(Duration time) throws InterruptedException {
        try {
            done.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes for its standard input or terminal; waits until there is room. */
    public void send(byte[] bytes) throws InterruptedException { input.send(bytes); }

    /** No more will be sent. A terminal stays open. */
    public void endInput() {
        if (!record().creation().terminal()) input.end();
    }

    public synchronized void resize(int columns, int rows) { occupant.ifPresent(own -> own.resize(columns, rows)); }

    /** What it has written. */
    public OutputReader output() { return new OutputReader(folder, output); }

    /** What there is to tell of it. */
    public JsonObject toJson() {
        SandboxRecord now = record();
        JsonObject json = new JsonObject();
        json.addProperty("name", now.name().text());
        json.addProperty("state", state().name().toLowerCase(Locale.ROOT));
        json.addProperty("machineType", "sojourn-1");
        json.addProperty("created", now.created().toEpochMilli());
        synchronized (this) {
            started.ifPresent(time -> json.addProperty("started", time.toEpochMilli()));
        }
        now.end().ifPresent(end -> {
            json.addProperty("ended", end.time().toEpochMilli());
            json.addProperty("status", end.verdict().status());
            json.addProperty("sentence", end.verdict().sentence());
            json.add("lastLines", SandboxRecord.lines(end.verdict().lastLines()));
        });
        json.addProperty("cpuMillis", cpuNanos() / 1_000_000);
        json.addProperty("outputPieces", output.pieces());
        json.add("creation", CreationJson.write(now.creation()));
        return json;
    }

    /** Processor time its thread has taken. */
    public synchronized long cpuNanos() {
        thread.filter(Thread::isAlive).ifPresent(own ->
                cpuNanos = Math.max(cpuNanos, ManagementFactory.getThreadMXBean().getThreadCpuTime(own.threadId())));
        return cpuNanos;
    }

    synchronized SandboxRecord record() { return record; }

    private void live(Occupant.Maker maker) {
        Verdict verdict;
        try (Occupant own = maker.make(record().creation(), streams())) {
            boolean run = open(own);
            opened.complete(null);
            told.accept(this, EventLog.Kind.STARTED);
            try {
                verdict = run ? own.run() : Verdict.failed("");
            } finally {
                shut();
            }
        } catch (SandboxError e) {
            end(Verdict.failed(e.getMessage()));
            opened.completeExceptionally(e);
            return;
        }
        end(verdict);
    }

    /** @return whether it is to run: it may have been ended before it began */
    private synchronized boolean open(Occupant own) {
        occupant = Optional.of(own);
        started = Optional.of(clock.instant());
        if (state == State.STARTING) state = State.RUNNING;
        return !killed;
    }

    /** From here on nobody calls the occupant: it is about to be closed. */
    private synchronized void shut() {
        occupant = Optional.empty();
        cpuNanos = Math.max(cpuNanos, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }

    private void end(Verdict verdict) {
        input.end();
        synchronized (this) {
            boolean byForce = killed && verdict.status() == Verdict.FAILED && verdict.sentence().isEmpty();
            record = record.ended(new End(clock.instant(), false,
                    byForce ? new Verdict(KILLED, "The guest was ended by force.", verdict.lastLines()) : verdict));
        }
        keeper.accept(record());
        synchronized (this) {
            state = State.ENDED;
        }
        told.accept(this, EventLog.Kind.ENDED);
        output.close();
        done.complete(null);
    }

    /** What nobody expected on its thread: the sandbox has ended by that, the others go on. */
    private void failed(Thread own, Throwable bug) {
        System.err.println("sojourn: An error in Sojourn itself ended the sandbox '" + name() + "':");
        bug.printStackTrace();
        end(Verdict.failed(bug instanceof OutOfMemoryError ? "The host's JVM ran out of memory."
                : "An error in Sojourn itself ended it; the host's log has it."));
        opened.completeExceptionally(bug);
    }

    private HostStreams streams() {
        return new HostStreams(input, output.stream(OutputLog.Stream.OUTPUT), output.stream(OutputLog.Stream.ERROR),
                record().creation().verbose() ? output.stream(OutputLog.Stream.KERNEL) : OutputStream.nullOutputStream());
    }
}
