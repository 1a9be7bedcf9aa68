package dev.sojourn.migration.handover;

/** What the host a guest goes to does. A record of the journal is durable before the next action begins. */
public enum TargetAction {
    START, DISCARD_COPY, SEND_READY, SEND_STARTED, SEND_NONE, SEND_KILLED, JOURNAL_STARTED
}
