package dev.sojourn.migration.handover;

/** What happens to the host a guest comes from. */
public enum SourceEvent {
    /** So little memory is left to send that the guest may be paused for it. */
    DRAINED,

    /** The target has the whole guest. */
    TARGET_READY,

    /** The target runs it. */
    TARGET_STARTED,

    /** The target has nothing of it. */
    TARGET_NONE,

    /** The target ran it and was killed. */
    TARGET_KILLED,

    /** The connection broke, the target refused, a limit was passed, or the user cancelled. */
    FAILED,

    /** Time to tell a target again that has not answered. */
    RETRY,

    /** An operator, who knows what the guest did at the target and that it is gone there, wants it to go on here. */
    TAKE_BACK
}
