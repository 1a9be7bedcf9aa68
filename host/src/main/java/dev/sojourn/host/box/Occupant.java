package dev.sojourn.host.box;

import dev.sojourn.host.command.Creation;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.Verdict;

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

    @Override void close();
}
