package dev.sojourn.host.box;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.box.SandboxRecord.End;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.migration.DepartingGuest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.Verdict;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One sandbox of a host, from its creation until it is forgotten.
 *
 * <p>Implementation notes. Its thread opens the occupant, runs it and records its end; whatever that thread throws is recorded as
 * its end too and harms nobody else. The fields are guarded by this object's monitor, which is never held while something
 * waits. Who uses the occupant holds {@code use} for reading; the occupant is closed with {@code use} held for writing. {@code opened}
 * and {@code done} are completed once each, {@code done} last of all.
 */
public final class HostedSandbox {
    /** How a sandbox stands. */
    public enum State { STARTING, RUNNING, PAUSED, STOPPING, ENDED, LOST }

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
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private SandboxRecord record;
    private State state;
    private Optional<Occupant> occupant = Optional.empty();
    private Optional<Instant> started = Optional.empty();
    private Optional<String> machineType = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private boolean killed;
    private long cpuNanos;
    private Occupant.Use lastUse = Occupant.Use.NONE;

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

    /** What of that is counted: a clone shares most of it. */
    long memoryBytesCounted() { return memoryBytes() / record().share(); }

    synchronized boolean hasStarted() { return thread.isPresent(); }

    /** Ends what was never started. */
    void abandon() { end(Verdict.failed("")); }

    /** How it ended, if it has. */
    public Optional<Verdict> verdict() { return record().end().map(End::verdict); }

    /** Asks it to end and ends it if it has not within the time. Returns when it has ended. */
    void stop(Duration timeout) throws HostError, InterruptedException {
        if (!isLive()) return;
        if (!timeout.isZero()) {
            use(own -> {
                own.askToStop();
                own.resume();
            });
        }
        synchronized (this) {
            if (state == State.RUNNING || state == State.PAUSED) state = State.STOPPING;
        }
        told.accept(this, EventLog.Kind.STOPPING);
        if (await(timeout)) return;
        kill();
        if (!await(KILL_PATIENCE)) {
            throw new HostError(HostError.Code.INTERNAL, "The sandbox '" + name() + "' does not end; the host's log may tell why.");
        }
    }

    /** Ends it soon. */
    void kill() {
        synchronized (this) {
            killed = true;
        }
        use(Occupant::stop);
    }

    void pause() throws HostError, InterruptedException {
        require(State.RUNNING, State.PAUSED);
        attempt(Occupant::pause);
        if (become(State.RUNNING, State.PAUSED)) told.accept(this, EventLog.Kind.PAUSED);
    }

    void resume() throws HostError, InterruptedException {
        require(State.RUNNING, State.PAUSED);
        attempt(Occupant::resume);
        if (become(State.PAUSED, State.RUNNING)) told.accept(this, EventLog.Kind.RESUMED);
    }

    void snapshot(Path file) throws HostError, InterruptedException {
        require(State.RUNNING, State.PAUSED);
        attempt(own -> own.snapshot(file));
        told.accept(this, EventLog.Kind.SNAPSHOT);
    }

    /** Opens clones, each for one of these. */
    List<Occupant> cloneFor(List<HostedSandbox> clones) throws HostError, InterruptedException {
        require(State.RUNNING, State.PAUSED);
        List<Occupant> made = new ArrayList<>();
        attempt(own -> made.addAll(own.clones(record().creation(), clones.size(), i -> clones.get(i).streams())));
        return made;
    }

    /**
     * Has it moved away; it stays open until that is over.
     *
     * @param release of this host
     */
    public <T> T depart(String release, Function<DepartingGuest, T> how) throws HostError, InterruptedException {
        require(State.RUNNING);
        AtomicReference<T> result = new AtomicReference<>();
        attempt(own -> result.set(how.apply(own.departing(name().text(), release, CreationJson.write(record().creation()).toString()))));
        return result.get();
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

    public void resize(int columns, int rows) { use(own -> own.resize(columns, rows)); }

    /** What it has written. */
    public OutputReader output() { return new OutputReader(folder, output); }

    /** What there is to tell of it. */
    public JsonObject toJson() {
        SandboxRecord now = record();
        JsonObject json = new JsonObject();
        json.addProperty("name", now.name().text());
        json.addProperty("state", state().name().toLowerCase(Locale.ROOT));
        synchronized (this) {
            machineType.ifPresent(type -> json.addProperty("machineType", type));
        }
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
        Occupant.Use used = use();
        json.addProperty("instructions", used.instructions());
        json.addProperty("memoryTouchedBytes", used.memoryBytes());
        json.addProperty("outputPieces", output.pieces());
        json.add("creation", CreationJson.write(now.creation()));
        return json;
    }

    /** What it has used so far. */
    public Occupant.Use use() {
        use(own -> keepUse(own.use()));
        synchronized (this) {
            return lastUse;
        }
    }

    private synchronized void keepUse(Occupant.Use use) { lastUse = use; }

    /** Processor time its thread has taken. */
    public synchronized long cpuNanos() {
        thread.filter(Thread::isAlive).ifPresent(own ->
                cpuNanos = Math.max(cpuNanos, ManagementFactory.getThreadMXBean().getThreadCpuTime(own.threadId())));
        return cpuNanos;
    }

    synchronized SandboxRecord record() { return record; }

    /** Something done with the occupant that may be refused. */
    private interface Attempt {
        void with(Occupant own) throws SandboxError, InterruptedException;
    }

    private void attempt(Attempt attempt) throws HostError, InterruptedException {
        use.readLock().lockInterruptibly();
        try {
            Optional<Occupant> own;
            synchronized (this) {
                own = occupant;
            }
            if (own.isEmpty()) throw wrongState();
            attempt.with(own.get());
        } catch (SandboxError e) {
            throw new HostError(HostError.Code.CANNOT_START, e.getMessage());
        } finally {
            use.readLock().unlock();
        }
    }

    /** Does something with the occupant, if there is one. */
    private void use(Consumer<Occupant> action) {
        use.readLock().lock();
        try {
            Optional<Occupant> own;
            synchronized (this) {
                own = occupant;
            }
            own.ifPresent(action);
        } finally {
            use.readLock().unlock();
        }
    }

    private void require(State... allowed) throws HostError {
        if (!Arrays.asList(allowed).contains(state())) throw wrongState();
    }

    private HostError wrongState() {
        return new HostError(HostError.Code.WRONG_STATE, "The sandbox '" + name() + "' is "
                + state().name().toLowerCase(Locale.ROOT) + "; this needs one that runs.");
    }

    private synchronized boolean become(State before, State after) {
        if (state != before) return false;
        state = after;
        return true;
    }

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
        machineType = Optional.of(own.machineType());
        if (state == State.STARTING) state = State.RUNNING;
        return !killed;
    }

    /** From here on nobody calls the occupant: it is about to be closed. */
    private void shut() {
        use.writeLock().lock();
        try {
            empty();
        } finally {
            use.writeLock().unlock();
        }
    }

    private synchronized void empty() {
        occupant.ifPresent(own -> lastUse = own.use());
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

    /** Where what it says goes, and what it hears comes from. */
    HostStreams streams() {
        return new HostStreams(input, output.stream(OutputLog.Stream.OUTPUT), output.stream(OutputLog.Stream.ERROR),
                record().creation().verbose() ? output.stream(OutputLog.Stream.KERNEL) : OutputStream.nullOutputStream());
    }
}
