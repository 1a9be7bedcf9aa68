package dev.sojourn.state;

/** A saved state that cannot be restored. The message is a sentence that names the part. */
public final class BadState extends Exception {
    private static final long serialVersionUID = 1;

    public BadState(String message) { super(message); }

    public BadState(String message, Throwable cause) { super(message, cause); }
}
