package dev.sojourn.snapshot;

/** A snapshot that cannot be used. The message is a sentence with advice. */
public final class BadSnapshot extends Exception {
    private static final long serialVersionUID = 1;

    BadSnapshot(String message) { super(message); }

    BadSnapshot(String message, Throwable cause) { super(message, cause); }
}
