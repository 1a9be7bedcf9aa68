package dev.sojourn.migration;

import java.io.IOException;

/** Reaches the target, each time anew. */
public interface Connector {
    /** @throws IOException a sentence without its full stop that says why it cannot be reached */
    Wire connect() throws IOException;
}
