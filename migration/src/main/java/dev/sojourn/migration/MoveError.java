package dev.sojourn.migration;

import java.io.IOException;

/** A guest that cannot be moved, or no more; the message is a sentence. */
public final class MoveError extends IOException {
    private static final long serialVersionUID = 1;

    public MoveError(String message) { super(message); }
}
