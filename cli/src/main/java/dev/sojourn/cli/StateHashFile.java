package dev.sojourn.cli;

import dev.sojourn.machine.StateLog;
import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a line for each state: instructions executed, nanoseconds since power-on, and the state's hash. */
final class StateHashFile implements StateLog, AutoCloseable {
    private final Path path;
    private final PrintWriter lines;

    StateHashFile(Path path) throws SandboxError {
        this.path = path;
        try {
            lines = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new SandboxError("The state hashes cannot be written to " + path + ": " + IoReasons.of(e) + ".");
        }
    }

    @Override public void state(long instructions, long nanos, long digest) {
        lines.printf("%d %d %016x\n", instructions, nanos, digest);
    }

    /** @throws SandboxError if not all of it could be written */
    @Override public void close() throws SandboxError {
        lines.close();
        if (lines.checkError()) throw new SandboxError("The state hashes could not be written to " + path + ".");
    }
}
