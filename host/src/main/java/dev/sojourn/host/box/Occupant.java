package dev.sojourn.host.box;

import dev.sojourn.host.command.Creation;
import dev.sojourn.migration.DepartingGuest;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.Verdict;
import dev.sojourn.sandbox.trace.ExitTally;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/** What lives in a hosted sandbox: a guest, or in tests something quicker. {@link #run} aside, any thread may call. */
public interface Occupant extends AutoCloseable {
    /** Makes occupants. */
    @FunctionalInterface
    interface Maker {
        /** @throws SandboxError if it cannot be made of this */
        Occupant make(Creation creation, HostStreams streams) throws SandboxError;
    }

    /** Runs to the end on the calling thread. */
    Verdict run();

    /** Asks it to end by itself; it may not listen. */
    void askToStop();

    /** Ends it. */
    void stop();

    void resize(int columns, int rows);

    /**
     * What it has used so far.
     *
     * @param instructions of the guest
     * @param memoryBytes of its memory that was touched
     * @param exits by what they were
     */
    record Use(long instructions, long memoryBytes, List<ExitTally.Row> exits) {
        static final Use NONE = new Use(0, 0, List.of());
    }

    Use use();

    /** The name of the machine type it lives in. */
    String machineType();

    /** Makes it stand still. */
    void pause() throws SandboxError, InterruptedException;

    /** Lets it go on. */
    void resume();

    /** Writes a snapshot of it, which goes on. */
    void snapshot(Path file) throws SandboxError, InterruptedException;

    /**
     * Makes others that go on from where this one is.
     *
     * @param streams for each by its number, from 0
     */
    List<Occupant> clones(Creation creation, int count, IntFunction<HostStreams> streams) throws SandboxError, InterruptedException;

    /**
     * It, as one that moves to another host.
     *
     * @param release of this host
     * @param description for the other host
     */
    DepartingGuest departing(String name, String release, String description) throws SandboxError;

    @Override void close();
}
