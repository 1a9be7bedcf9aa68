package dev.sojourn.migration.handover;

/** What happens to the host a guest goes to. */
public enum TargetEvent {
    /** The last of the guest arrived, and all of it is right. */
    PREPARE,

    /** The source gave the guest away. */
    COMMIT,

    /** The source keeps the guest. */
    ABORT,

    /** The connection broke. */
    CUT,

    /** An operator, who knows that the source is gone for ever, wants the guest to run here. */
    TAKE_OVER
}
