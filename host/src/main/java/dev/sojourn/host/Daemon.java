package dev.sojourn.host;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.StateFolder.Address;
import dev.sojourn.host.box.EventLog;
import dev.sojourn.host.box.GuestOccupant;
import dev.sojourn.host.box.Occupant;
import dev.sojourn.host.box.Sandboxes;
import dev.sojourn.host.box.SnapshotFolder;
import dev.sojourn.host.http.Api;
import dev.sojourn.host.http.HttpFace;
import dev.sojourn.host.move.Moves;
import dev.sojourn.sandbox.IoReasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A host that runs: it holds its state folder, its sandboxes and its server until it is closed.
 *
 * <p>{@link #end} may be called on any thread; the one in {@link #await} then closes it.
 */
public final class Daemon implements AutoCloseable {
    private static final int TOKEN_BYTES = 32;

    /**
     * How a host is to run.
     *
     * @param port to listen on, at 127.0.0.1; 0 for any that is free
     * @param anyPort whether another port will do if that one is taken
     * @param idle after which time without live sandboxes and without calls it ends by itself
     * @param limits of what it holds
     * @param moveKey the file that it shares with hosts whose guests it takes
     */
    public record Settings(String version, int port, boolean anyPort, Optional<Duration> idle, HostLimits limits, Path moveKey) {}

    private final StateFolder folder;
    private final Settings settings;
    private final FileLock lock;
    private final Sandboxes sandboxes;
    private final Moves moves;
    private final Api api;
    private final HttpFace face;
    private final Address address;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @throws HostError if the folder has a host already, or anything is in the way */
    public Daemon(StateFolder folder, Settings settings, Occupant.Maker maker) throws HostError, InterruptedException {
        this.folder = folder;
        this.settings = settings;
        folder.prepare();
        lock = folder.take().orElseThrow(() -> new HostError(Code.WRONG_STATE, "A host runs on the state folder " + folder.path()
                + " already; use that one, or set SOJOURN_HOME to another folder."));
        boolean started = false;
        try {
            Clock clock = Clock.systemUTC();
            EventLog events = new EventLog(clock);
            sandboxes = sandboxes(maker, clock, events);
            moves = new Moves(sandboxes, settings.version(), folder.moves(), settings.moveKey());
            api = new Api(sandboxes, events, snapshots(clock), description(clock), moves, this::end);
            String token = token();
            face = new HttpFace(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), settings.anyPort(), token, api);
            address = new Address(face.port(), ProcessHandle.current().pid(), token);
            folder.publish(address);
            started = true;
        } finally {
            if (!started) release();
        }
    }

    /**
     * A host of guests.
     *
     * @param cache the user's cache folder, for the default guest
     */
    public static Daemon ofGuests(StateFolder folder, Settings settings, Path cache) throws HostError, InterruptedException {
        return new Daemon(folder, settings, GuestOccupant.maker(cache));
    }

    public Address address() { return address; }

    /** Returns when the host is to end: somebody asked for it, or it was idle for too long. */
    public void await() throws InterruptedException {
        while (!ended.await(1, TimeUnit.SECONDS)) {
            boolean idle = settings.idle().isPresent() && api.quiet().compareTo(settings.idle().get()) > 0 && !sandboxes.anyLive();
            if (idle) return;
        }
    }

    /** Has it end, soon. */
    public void end() { ended.countDown(); }

    /** Ends all sandboxes, and lets go of the folder. */
    @Override public void close() {
        moves.close();
        sandboxes.close();
        face.close();
        try {
            folder.unpublish();
        } catch (IOException _) {
            // Without the lock it does not count.
        }
        release();
    }

    private Sandboxes sandboxes(Occupant.Maker maker, Clock clock, EventLog events) throws HostError {
        try {
            return new Sandboxes(folder.sandboxes(), maker, settings.limits(), clock, events);
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The sandboxes recorded in " + folder.sandboxes() + " cannot be read: "
                    + IoReasons.of(e) + ".");
        }
    }

    private SnapshotFolder snapshots(Clock clock) throws HostError {
        try {
            return new SnapshotFolder(folder.path().resolve("snapshots"), clock);
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The folder for snapshots in " + folder.path() + " cannot be made: "
                    + IoReasons.of(e) + ".");
        }
    }

    private JsonObject description(Clock clock) {
        JsonObject json = new JsonObject();
        json.addProperty("version", settings.version());
        json.addProperty("pid", ProcessHandle.current().pid());
        json.addProperty("started", clock.millis());
        return json;
    }

    private void release() {
        try (var _ = lock.acquiredBy()) {
            lock.release();
        } catch (IOException _) {
            // The end of the process releases it.
        }
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
