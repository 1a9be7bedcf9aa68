package dev.sojourn.migration.handover;

/** Where a migration stands, for the host the guest goes to. */
public enum TargetState {
    /** Nothing of the guest is here. */
    NONE,

    /** Memory and state arrive. */
    RECEIVING,

    /** The whole guest is here, paused, and the source's until it commits. */
    READY,

    /** The guest is this host's and runs, or ran to its end. */
    STARTED,

    /** The guest ran here until this host was killed. */
    KILLED
}
