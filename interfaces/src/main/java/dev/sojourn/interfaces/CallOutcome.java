package dev.sojourn.interfaces;

/** What became of a call. */
public enum CallOutcome {
    /** There is no such instruction: #UD. */
    ABSENT,

    /** It was served, whatever it answered. */
    SERVED,

    /** It is not offered, and got the interface's own error. */
    REFUSED
}
