package dev.sojourn.migration.handover;

/** What the host a guest comes from does. A record of the journal is durable before the next action begins. */
public enum SourceAction {
    PAUSE, RESUME, DROP_COPY, SEND_PREPARE, SEND_COMMIT, SEND_ABORT, JOURNAL_PREPARED, JOURNAL_ABORTED, JOURNAL_ERASE
}
