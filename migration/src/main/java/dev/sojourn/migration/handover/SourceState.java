package dev.sojourn.migration.handover;

/** Where a migration stands, for the host the guest comes from. */
public enum SourceState {
    /** The guest runs here; its memory is being sent. */
    COPYING,

    /** The guest is paused here, everything is sent, and the target has not said that it has it. */
    PREPARED,

    /** The guest is the target's. The paused copy stays until the target is known to run it. */
    COMMITTED,

    /** As {@link #COMMITTED}, by a host that was killed meanwhile: the copy died with it. */
    COMMITTED_WITHOUT_COPY,

    /** The guest runs here again; the target, which may hold a copy, has not confirmed yet that it gave it up. */
    ABORTED,

    /** The target ran it and was killed, and had not told so: the copy stays paused until an operator decides. */
    IN_DOUBT,

    /** The end: the guest runs here as if nothing had been. */
    KEPT,

    /** The end: the guest runs there. */
    MOVED,

    /** The end: both hosts were killed with it. */
    LOST;

    /** Whether nothing is left to be done. */
    public boolean isEnd() { return this == KEPT || this == MOVED || this == LOST; }
}
