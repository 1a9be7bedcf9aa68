package dev.sojourn.sandbox;

/** An error of the operator or of the host; the message is one sentence with advice, fit to be shown as it is. */
public final class SandboxError extends Exception {
    private static final long serialVersionUID = 1;

    public SandboxError(String sentence) { super(sentence); }
}
