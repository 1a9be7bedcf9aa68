package dev.sojourn.host.box;

import dev.sojourn.host.command.Creation;
import dev.sojourn.migration.ArrivingGuest;
import dev.sojourn.migration.DepartingGuest;
import dev.sojourn.migration.Offer;
import dev.sojourn.sandbox.ArrivingSandbox;
import dev.sojourn.sandbox.DepartingSandbox;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.Verdict;
import dev.sojourn.sandbox.guest.GuestCache;
import dev.sojourn.sandbox.trace.LiveTally;
import dev.sojourn.state.BadState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A guest in its machine. */
public final class GuestOccupant implements Occupant {
    private final Sandbox sandbox;
    private final LiveTally exits;
    private final boolean openEnded;

    private GuestOccupant(Sandbox sandbox, LiveTally exits, boolean openEnded) {
        this.sandbox = sandbox;
        this.exits = exits;
        this.openEnded = openEnded;
    }

    /** @param cache the user's cache folder, for the default guest */
    public static Occupant.Maker maker(Path cache) {
        return (creation, streams) -> {
            LiveTally exits = new LiveTally();
            if (creation.what() instanceof Creation.What.Saved(Path snapshot, var _)) {
                return new GuestOccupant(Sandbox.restore(snapshot, revival(creation), streams, exits), exits, isOpenEnded(creation));
            }
            SandboxSpec spec = new SandboxSpec(guest(creation, cache), creation.memoryBytes(), creation.cpus(),
                    creation.engine(), creation.guestInterface(), creation.timeLimit());
            return new GuestOccupant(new Sandbox(spec, streams, exits), exits, isOpenEnded(creation));
        };
    }

    private static Guest guest(Creation creation, Path cache) throws SandboxError {
        return switch (creation.what()) {
            case Creation.What.Image(var kernel, var initialRoot, var commandLine) ->
                    new Guest.Image(kernel, initialRoot, commandLine);
            case Creation.What.Saved _ -> throw new AssertionError("a snapshot is restored");
            case Creation.What.Words words -> new Guest.Command(new GuestCache(cache).get(_ -> {}), words.command(),
                    words.environment(), words.directory(), words.overlays(), creation.terminal(), creation.verbose());
        };
    }

    @Override public Verdict run() { return Verdict.of(sandbox.run(), openEnded); }

    @Override public void askToStop() { sandbox.askToStop(); }

    @Override public void stop() { sandbox.stop(); }

    @Override public void resize(int columns, int rows) { sandbox.resize(columns, rows); }

    @Override public void pause() throws SandboxError, InterruptedException { sandbox.pause(); }

    @Override public void resume() { sandbox.resume(); }

    @Override public void snapshot(Path file) throws SandboxError, InterruptedException { sandbox.snapshot(file); }

    @Override public List<Occupant> clones(Creation creation, int count, IntFunction<HostStreams> streams)
            throws SandboxError, InterruptedException {
        List<LiveTally> tallies = Stream.generate(LiveTally::new).limit(count).toList();
        List<Sandbox> clones = sandbox.clones(count, revival(creation), streams, tallies::get);
        return IntStream.range(0, count).<Occupant>mapToObj(i -> new GuestOccupant(clones.get(i), tallies.get(i), openEnded)).toList();
    }

    @Override public Use use() {
        return new Use(sandbox.machine().executed(), sandbox.machine().memory().touchedBytes(), exits.rows());
    }

    @Override public String machineType() { return sandbox.machine().shape().type().id(); }

    private static Revival revival(Creation creation) { return new Revival(creation.engine(), creation.timeLimit(), Optional.empty()); }

    @Override public DepartingGuest departing(String name, String release, String description) {
        return new DepartingSandbox(sandbox, name, release, description);
    }

    @Override public void close() { sandbox.close(); }

    /**
     * A guest that comes from another host.
     *
     * @param starter runs it once it is this host's
     * @param forgetter undoes what was done to make room
     */
    static ArrivingGuest arriving(Offer offer, Creation creation, HostStreams streams, Consumer<Occupant> starter, Runnable forgetter)
            throws BadState {
        LiveTally exits = new LiveTally();
        ArrivingSandbox guest = new ArrivingSandbox(offer, revival(creation), streams, exits,
                sandbox -> starter.accept(new GuestOccupant(sandbox, exits, isOpenEnded(creation))), forgetter);
        if (guest.about().shape().memoryBytes() != creation.memoryBytes()) {
            guest.discard();
            throw new BadState("The guest has other memory than what is said of it.");
        }
        return guest;
    }

    private static boolean isOpenEnded(Creation creation) {
        return creation.terminal() || switch (creation.what()) {
            case Creation.What.Image _ -> true;
            case Creation.What.Saved(var _, var command) -> command.isEmpty();
            case Creation.What.Words _ -> false;
        };
    }
}
