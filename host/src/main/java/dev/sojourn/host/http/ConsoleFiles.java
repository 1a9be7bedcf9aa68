package dev.sojourn.host.http;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;

/** The web console's files. */
final class ConsoleFiles {
    void answer(Exchange exchange) throws HostError {
        throw new HostError(Code.NO_SUCH_PATH, "There is no such path.");
    }
}
