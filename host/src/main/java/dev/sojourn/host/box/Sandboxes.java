package dev.sojourn.host.box;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.HostLimits;
import dev.sojourn.host.box.SandboxRecord.End;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.sandbox.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** All sandboxes of a host, by name; carries commands out. */
public final class Sandboxes implements AutoCloseable {
    /** An end in good order takes no longer; who does not end then is left to the end of the process. */
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(1500);

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

    /** Carries a command out and gives the sandbox it was about. Waits as long as that takes. */
    public HostedSandbox carryOut(HostCommand command) throws HostError, InterruptedException {
        return switch (command) {
            case HostCommand.Create(var name, var creation) -> create(name, creation);
            case HostCommand.Stop(var name, var timeout) -> {
                HostedSandbox sandbox = get(name);
                sandbox.stop(timeout);
                yield sandbox;
            }
            case HostCommand.Remove(var name, boolean force) -> {
                HostedSandbox sandbox = get(name);
                if (force) sandbox.stop(Duration.ZERO);
                remove(sandbox);
                yield sandbox;
            }
        };
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

    private HostedSandbox create(Optional<SandboxName> wanted, Creation creation) throws HostError {
        HostedSandbox sandbox = reserve(wanted, creation);
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

    private synchronized HostedSandbox reserve(Optional<SandboxName> wanted, Creation creation) throws HostError {
        if (closed) throw new HostError(Code.LIMIT_REACHED, "The host is about to end.");
        SandboxName name = wanted.orElseGet(this::freeName);
        if (sandboxes.containsKey(name)) {
            throw new HostError(Code.NAME_TAKEN, sandboxes.get(name).isLive() ? "There is a sandbox '" + name
                    + "' already; choose another name." : "There is a sandbox '" + name
                    + "' that has ended; remove it first, by 'sojourn rm " + name + "', or choose another name.");
        }
        checkLimits(creation.memoryBytes());
        SandboxRecord record = new SandboxRecord(name, clock.instant(), creation, Optional.empty());
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
        long used = live.stream().mapToLong(HostedSandbox::memoryBytes).sum();
        if (used + memoryBytes > limits.memoryBytes()) {
            throw new HostError(Code.LIMIT_REACHED, "The sandboxes of this host may have " + (limits.memoryBytes() >> 20)
                    + " MiB of memory together, and " + (used >> 20) + " MiB are given away; ask for less or stop some.");
        }
    }

    private SandboxName freeName() {
        int number = 1;
        while (sandboxes.containsKey(new SandboxName("box-" + number))) number++;
        return new SandboxName("box-" + number);
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
