package dev.sojourn.host.move;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.HostedSandbox;
import dev.sojourn.host.box.Sandboxes;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.migration.ArrivingGuest;
import dev.sojourn.migration.Journal;
import dev.sojourn.migration.Limits;
import dev.sojourn.migration.Offer;
import dev.sojourn.migration.Outcome;
import dev.sojourn.migration.Receiver;
import dev.sojourn.migration.Sender;
import dev.sojourn.migration.Wire;
import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.state.BadState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** What moves to this host and away from it. */
public final class Moves implements AutoCloseable {
    /** A guest that has moved has nothing left to do. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(30);

    private final Sandboxes sandboxes;
    private final String release;
    private final SSLContext key;
    private final Journal journal;
    private final Receiver receiver;
    private final MoveDoor door;
    private final Map<SandboxName, Move> departures = new ConcurrentHashMap<>();

    /**
     * Opens the door, and goes on with what was under way when the last host of the folder ended.
     *
     * @param folder of the journal
     */
    public Moves(Sandboxes sandboxes, String release, Path folder, Path keyFile) throws HostError, InterruptedException {
        this.sandboxes = sandboxes;
        this.release = release;
        key = MoveKey.open(keyFile);
        try {
            journal = new Journal(folder);
            receiver = new Receiver(this::accept, journal);
            door = new MoveDoor(key, receiver);
            for (Journal.Departure departure : journal.departures()) {
                Sender sender = Sender.afterRestart(departure, () -> connect(departure.target()), journal);
                Thread.ofVirtual().name("move-" + departure.id()).start(sender::settle);
            }
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The journal of moves in " + folder + " cannot be used: " + IoReasons.of(e) + ".");
        }
    }

    /** Of the door. */
    public int port() { return door.port(); }

    /** Begins to move a sandbox. */
    public Move begin(HostCommand.Migrate command) throws HostError {
        HostedSandbox sandbox = sandboxes.get(command.name());
        String id = UUID.randomUUID().toString().replace("-", "");
        Move move = new Move(id, command.target());
        Move other = departures.compute(command.name(), (_, before) -> before != null && before.isUnderWay() ? before : move);
        if (other != move) {
            throw new HostError(Code.WRONG_STATE, "The sandbox '" + command.name() + "' is being moved already.");
        }
        Limits limits = new Limits(command.downtime(), command.bytesPerSecond().orElse(Long.MAX_VALUE), Limits.DEFAULT.total());
        Thread.ofPlatform().daemon().name("move-" + command.name()).start(() -> run(sandbox, move, id, command.target(), limits));
        return move;
    }

    private void run(HostedSandbox sandbox, Move move, String id, String target, Limits limits) {
        try {
            Outcome outcome = sandbox.depart(release, guest -> {
                Sender sender = new Sender(guest, id, target, () -> connect(target), journal, limits, move);
                move.begins(sender);
                return sender.run();
            });
            if (outcome.moved()) {
                // Nobody shall see it here any more who hears that it is there.
                sandbox.await(END_PATIENCE);
            }
            move.ended(outcome);
            move.sender().ifPresent(Sender::settle);
            move.release();
        } catch (HostError e) {
            move.refused(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (move.isUnderWay()) {
                move.refused("The move ended by an error in Sojourn itself; the host's log has it.");
            }
        }
    }

    /** How the last move of a sandbox stands. */
    public Move of(SandboxName name) throws HostError {
        Move move = departures.get(name);
        if (move == null) {
            throw new HostError(Code.WRONG_STATE, "The sandbox '" + name + "' was not moved by this host.");
        }
        return move;
    }

    /** Keeps a sandbox here if it is not too late. */
    public Move cancel(SandboxName name) throws HostError {
        Move move = of(name);
        move.sender().ifPresent(Sender::cancel);
        return move;
    }

    /** Lets a guest go on here that its target started before it was killed, from where it was paused. */
    public Move takeBack(SandboxName name) throws HostError {
        Move move = of(name);
        Sender sender = move.sender().orElseThrow(() -> new HostError(Code.WRONG_STATE, "There is nothing of this move to take back."));
        move.ended(sender.takeBack());
        move.release();
        return move;
    }

    /** Guests that are here and neither given nor refused to this host. */
    public JsonObject waiting() {
        JsonArray array = new JsonArray();
        receiver.waiting().forEach((id, name) -> {
            JsonObject guest = new JsonObject();
            guest.addProperty("id", id);
            guest.addProperty("name", name);
            array.add(guest);
        });
        JsonObject json = new JsonObject();
        json.add("arrivals", array);
        return json;
    }

    /** Starts such a guest, whose source is gone for ever. */
    public void takeOver(String id) throws HostError {
        try {
            if (!receiver.takeOver(id)) {
                throw new HostError(Code.WRONG_STATE, "No guest waits here by that number.");
            }
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The guest cannot be started: " + IoReasons.of(e) + ".");
        }
    }

    @Override public void close() { door.close(); }

    private ArrivingGuest accept(Offer offer) throws BadState {
        try {
            return sandboxes.arrive(offer);
        } catch (HostError e) {
            throw new BadState(e.getMessage(), e);
        }
    }

    private Wire connect(String target) throws IOException {
        int colon = target.lastIndexOf(':');
        String host = target.substring(0, colon);
        InetSocketAddress address = new InetSocketAddress(host, OtherHost.movePort(target));
        return MoveDoor.connect(key, address);
    }
}
