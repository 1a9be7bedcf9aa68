package dev.sojourn.cli;

/** A command line that makes no sense; the message is one sentence. */
final class UsageError extends Exception {
    private static final long serialVersionUID = 1;

    UsageError(String sentence) { super(sentence); }
}
