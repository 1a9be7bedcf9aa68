package dev.sojourn.host.box;

import dev.sojourn.host.command.Creation;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Sandbox;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SandboxSpec;
import dev.sojourn.sandbox.Verdict;
import dev.sojourn.sandbox.guest.GuestCache;
import java.nio.file.Path;

/** A guest in its machine. */
public final class GuestOccupant implements Occupant {
    private final Sandbox sandbox;
    private final boolean openEnded;

    private GuestOccupant(Sandbox sandbox, boolean openEnded) {
        this.sandbox = sandbox;
        this.openEnded = openEnded;
    }

    /** @param cache the user's cache folder, for the default guest */
    public static Occupant.Maker maker(Path cache) {
        return (creation, streams) -> {
            SandboxSpec spec = new SandboxSpec(guest(creation, cache), creation.memoryBytes(), creation.cpus(),
                    creation.engine(), creation.guestInterface(), creation.timeLimit());
            boolean openEnded = creation.terminal() || creation.what() instanceof Creation.What.Image;
            return new GuestOccupant(new Sandbox(spec, streams), openEnded);
        };
    }

    private static Guest guest(Creation creation, Path cache) throws SandboxError {
        return switch (creation.what()) {
            case Creation.What.Image(var kernel, var initialRoot, var commandLine) ->
                    new Guest.Image(kernel, initialRoot, commandLine);
            case Creation.What.Words words -> new Guest.Command(new GuestCache(cache).get(_ -> {}), words.command(),
                    words.environment(), words.directory(), words.overlays(), creation.terminal(), creation.verbose());
        };
    }

    @Override public Verdict run() { return Verdict.of(sandbox.run(), openEnded); }

    @Override public void askToStop() { sandbox.askToStop(); }

    @Override public void stop() { sandbox.stop(); }

    @Override public void resize(int columns, int rows) { sandbox.resize(columns, rows); }

    @Override public void close() { sandbox.close(); }
}
