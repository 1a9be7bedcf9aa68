package dev.sojourn.host.box;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.HostLimits;
import dev.sojourn.host.box.SandboxRecord.End;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.machine.MachineShape;
import dev.sojourn.migration.ArrivingGuest;
import dev.sojourn.migration.Offer;
import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SavedSandbox;
import dev.sojourn.sandbox.Verdict;
import dev.sojourn.state.BadState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** All sandboxes of a host, by name; carries commands out. */
public final class Sandboxes implements AutoCloseable {
    /** An end in good order takes no longer; who does not end then is left to the end of the process. */
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(1500);

    /**
     * A clone shares what it has not written with its origin: of the memory it may write, so much is counted. If all write all of
     * theirs, the host may be ended by the system for want of memory.
     */
    private static final int CLONE_SHARE = 8;

    /** A dash and the digits of a number. */
    private static final int NUMBER_LENGTH_MAX = 6;

    private final SandboxStore store;
    private final Occupant.Maker maker;
    private final HostLimits limits;
    private final Clock clock;
    private final EventLog events;
    private final ScheduledExecutorService moments = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sandbox-output").factory());
    private final TreeMap<SandboxName, HostedSandbox> sandboxes = new TreeMap<>();
    private boolean closed;

    /**
     * Takes over a folder. Those of which no end was recorded are lost: their host was ended.
     *
     * @param folder of the records; nobody else uses it
     */
    public Sandboxes(Path folder, Occupant.Maker maker, HostLimits limits, Clock clock, EventLog events) throws IOException {
        store = new SandboxStore(folder);
        this.maker = maker;
        this.limits = limits;
        this.clock = clock;
        this.events = events;
        for (SandboxRecord record : store.load()) {
            SandboxRecord now = record.end().isPresent() ? record : record.ended(new End(clock.instant(), true,
                    Verdict.failed("The host ended while it ran.")));
            sandboxes.put(now.name(), new HostedSandbox(now, store.folder(now.name()), clock, moments, this::keep, this::told));
            if (record.end().isEmpty()) {
                store.save(now);
                events.add(EventLog.Kind.LOST, now.name());
            }
        }
    }

    /** Carries a command out and gives the sandboxes it was about, or made. Waits as long as that takes. */
    public List<HostedSandbox> carryOut(HostCommand command) throws HostError, InterruptedException {
        return switch (command) {
            case HostCommand.Create(var name, var creation) -> List.of(create(name, creation, maker));
            case HostCommand.Restore restore -> List.of(create(restore.name(), saved(restore), maker));
            case HostCommand.Clone(var name, int count) -> clone(get(name), count);
            case HostCommand.Pause(var name) -> with(name, HostedSandbox::pause);
            case HostCommand.Resume(var name) -> with(name, HostedSandbox::resume);
            case HostCommand.Snapshot(var name, var file) -> with(name, sandbox -> snapshot(sandbox, file));
            case HostCommand.Stop(var name, var timeout) -> with(name, sandbox -> sandbox.stop(timeout));
            case HostCommand.Migrate _ -> throw new AssertionError("A move is carried out by Moves");
            case HostCommand.Remove(var name, boolean force) -> with(name, sandbox -> {
                if (force) sandbox.stop(Duration.ZERO);
                remove(sandbox);
            });
        };
    }

    /**
     * Makes room for a guest of another host, under its name there.
     *
     * @throws HostError if there is none
     * @throws BadState if it needs what this release does not have
     */
    public ArrivingGuest arrive(Offer offer) throws HostError, BadState {
        Fields fields = Fields.parse(offer.description());
        Creation creation = CreationJson.read(fields);
        fields.end();
        HostedSandbox sandbox = reserve(Optional.of(SandboxName.of(offer.name())), creation, 1);
        boolean good = false;
        try {
            ArrivingGuest guest = GuestOccupant.arriving(offer, creation, sandbox.streams(), occupant -> {
                try {
                    events.add(EventLog.Kind.CREATED, sandbox.name());
                    sandbox.start((_, _) -> occupant);
                } catch (HostError e) {
                    throw new AssertionError(e);
                }
            }, () -> forget(sandbox));
            good = true;
            return guest;
        } finally {
            if (!good) forget(sandbox);
        }
    }

    /** Forgets what never ran. */
    private void forget(HostedSandbox sandbox) {
        sandbox.abandon();
        try {
            remove(sandbox);
        } catch (HostError e) {
            System.err.println("sojourn: " + e.getMessage());
        }
    }

    private interface Act {
        void on(HostedSandbox sandbox) throws HostError, InterruptedException;
    }

    private List<HostedSandbox> with(SandboxName name, Act act) throws HostError, InterruptedException {
        HostedSandbox sandbox = get(name);
        act.on(sandbox);
        return List.of(sandbox);
    }

    public synchronized List<HostedSandbox> all() { return List.copyOf(sandboxes.values()); }

    public synchronized HostedSandbox get(SandboxName name) throws HostError {
        HostedSandbox found = sandboxes.get(name);
        if (found == null) throw new HostError(Code.NO_SUCH_SANDBOX, "There is no sandbox '" + name + "'.");
        return found;
    }

    public HostLimits limits() { return limits; }

    public boolean anyLive() { return all().stream().anyMatch(HostedSandbox::isLive); }

    /** Ends all of them. Nothing can be made any more. */
    @Override public void close() {
        synchronized (this) {
            closed = true;
        }
        List<HostedSandbox> live = all().stream().filter(HostedSandbox::isLive).toList();
        live.forEach(HostedSandbox::kill);
        long end = System.nanoTime() + CLOSE_PATIENCE.toNanos();
        try {
            for (HostedSandbox sandbox : live) sandbox.await(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        moments.shutdown();
    }

    /** A file that is something else is not replaced, whoever asks. */
    private static void snapshot(HostedSandbox sandbox, Path file) throws HostError, InterruptedException {
        if (Files.exists(file)) {
            try {
                SavedSandbox.of(file);
            } catch (SandboxError _) {
                throw new HostError(Code.CANNOT_START, "The file " + file + " is there and is no snapshot; choose another name.");
            }
        }
        sandbox.snapshot(file);
    }

    private static Creation saved(HostCommand.Restore restore) throws HostError {
        try {
            SavedSandbox saved = SavedSandbox.of(restore.file());
            MachineShape shape = saved.about().shape();
            List<byte[]> command = saved.arguments().stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
            return new Creation(new Creation.What.Saved(restore.file(), command), shape.type(), shape.memoryBytes(), shape.cpus(), restore.engine(),
                    shape.guestInterface(), restore.timeLimit(), saved.terminal(), true, false);
        } catch (SandboxError e) {
            throw new HostError(Code.CANNOT_START, e.getMessage());
        }
    }

    private List<HostedSandbox> clone(HostedSandbox origin, int count) throws HostError, InterruptedException {
        List<HostedSandbox> clones = new ArrayList<>();
        boolean started = false;
        try {
            Creation creation = origin.record().creation();
            for (int i = 0; i < count; i++) clones.add(reserve(Optional.of(cloneName(origin.name())), creation, CLONE_SHARE));
            List<Occupant> occupants = origin.cloneFor(clones);
            for (int i = 0; i < count; i++) {
                Occupant own = occupants.get(i);
                events.add(EventLog.Kind.CREATED, clones.get(i).name());
                clones.get(i).start((_, _) -> own);
            }
            started = true;
            return clones;
        } finally {
            if (!started) for (HostedSandbox clone : clones) discard(clone);
        }
    }

    private HostedSandbox create(Optional<SandboxName> wanted, Creation creation, Occupant.Maker maker) throws HostError {
        HostedSandbox sandbox = reserve(wanted, creation, 1);
        events.add(EventLog.Kind.CREATED, sandbox.name());
        boolean started = false;
        try {
            sandbox.start(maker);
            started = true;
            return sandbox;
        } finally {
            // What never ran leaves nothing.
            if (!started) remove(sandbox);
        }
    }

    /** Forgets a clone of a set that could not be made whole. */
    private void discard(HostedSandbox clone) throws HostError, InterruptedException {
        if (clone.hasStarted()) {
            clone.stop(Duration.ZERO);
        } else {
            clone.abandon();
        }
        remove(clone);
    }

    /** @param share how many like this one are counted as one */
    private synchronized HostedSandbox reserve(Optional<SandboxName> wanted, Creation creation, int share) throws HostError {
        if (closed) throw new HostError(Code.LIMIT_REACHED, "The host is about to end.");
        SandboxName name = wanted.orElseGet(this::freeName);
        if (sandboxes.containsKey(name)) {
            throw new HostError(Code.NAME_TAKEN, sandboxes.get(name).isLive() ? "There is a sandbox '" + name
                    + "' already; choose another name." : "There is a sandbox '" + name
                    + "' that has ended; remove it first, by 'sojourn rm " + name + "', or choose another name.");
        }
        checkLimits(creation.memoryBytes() / share);
        SandboxRecord record = new SandboxRecord(name, clock.instant(), creation, share, Optional.empty());
        try {
            store.create(record);
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The sandbox cannot be recorded in " + store.folder(name) + ": "
                    + IoReasons.of(e) + ".");
        }
        HostedSandbox sandbox = new HostedSandbox(record, store.folder(name), clock, moments, this::keep, this::told);
        sandboxes.put(name, sandbox);
        return sandbox;
    }

    private void checkLimits(long memoryBytes) throws HostError {
        List<HostedSandbox> live = sandboxes.values().stream().filter(HostedSandbox::isLive).toList();
        if (live.size() >= limits.sandboxes()) {
            throw new HostError(Code.LIMIT_REACHED, "The host holds " + live.size() + " sandboxes, as many as it may; stop some.");
        }
        if (sandboxes.size() >= limits.records()) {
            throw new HostError(Code.LIMIT_REACHED, "The host remembers " + sandboxes.size()
                    + " sandboxes, as many as it may; remove some that have ended.");
        }
        long used = live.stream().mapToLong(HostedSandbox::memoryBytesCounted).sum();
        if (used + memoryBytes > limits.memoryBytes()) {
            throw new HostError(Code.LIMIT_REACHED, "The sandboxes of this host may have " + (limits.memoryBytes() >> 20)
                    + " MiB of memory together, and " + (used >> 20) + " MiB are given away; ask for less or stop some.");
        }
    }

    private SandboxName freeName() { return freeName("box"); }

    private synchronized SandboxName cloneName(SandboxName origin) {
        return freeName(origin.text().substring(0, Math.min(origin.text().length(), SandboxName.LENGTH_MAX - NUMBER_LENGTH_MAX)));
    }

    private SandboxName freeName(String start) {
        int number = 1;
        while (sandboxes.containsKey(new SandboxName(start + "-" + number))) number++;
        return new SandboxName(start + "-" + number);
    }

    private synchronized void remove(HostedSandbox sandbox) throws HostError {
        if (sandboxes.get(sandbox.name()) != sandbox) return;
        if (sandbox.isLive()) {
            throw new HostError(Code.WRONG_STATE, "The sandbox '" + sandbox.name() + "' still runs; stop it first, or use force.");
        }
        try {
            store.delete(sandbox.name());
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The sandbox cannot be removed from " + store.folder(sandbox.name()) + ": "
                    + IoReasons.of(e) + ".");
        }
        sandboxes.remove(sandbox.name());
        events.add(EventLog.Kind.REMOVED, sandbox.name());
    }

    private void keep(SandboxRecord record) {
        try {
            store.save(record);
        } catch (IOException e) {
            System.err.println("sojourn: The end of '" + record.name() + "' could not be recorded: " + IoReasons.of(e) + ".");
        }
    }

    private void told(HostedSandbox sandbox, EventLog.Kind kind) {
        JsonObject more = new JsonObject();
        sandbox.verdict().ifPresent(verdict -> more.addProperty("status", verdict.status()));
        events.add(kind, sandbox.name(), more);
    }
}
