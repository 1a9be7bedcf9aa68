package dev.sojourn.migration;

import dev.sojourn.state.Section;
import java.util.List;

/**
 * A guest of this host, as a migration needs it. Its calls come from one thread and may wait for the machine; one that fails says
 * so by a {@link MoveError}.
 */
public interface DepartingGuest {
    /** One that was killed with its host. */
    DepartingGuest NONE = new KilledGuest();

    /** Reads RAM. */
    interface Pages {
        /** Addresses of pages, in increasing order. */
        long[] addresses();

        /** Copies a page of those; a guest that runs may be writing it, and it is then shown again by the next {@link #written}. */
        void copy(long address, byte[] target, int offset) throws MoveError;
    }

    /** What the target must know; the machine goes on running. */
    Offer offer(String id) throws MoveError;

    /** Begins to log writes. @return all pages that may hold anything but zeros */
    Pages all() throws MoveError;

    /** Pages written since {@link #all} or the last call. */
    Pages written() throws MoveError;

    void pause() throws MoveError;

    /** Goes on after {@link #pause}; writes are logged no more. */
    void resume();

    /** The state of all parts of the paused machine, but RAM. */
    List<Section> state() throws MoveError;

    /** Frees the paused guest, which runs elsewhere. */
    void drop();

    /** The migration ended before the guest was paused: writes are logged no more. */
    void stay();
}
