package dev.sojourn.host.box;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;

/** Reads what a sandbox has written, from the first piece that is still there, and waits for more. One thread uses it. */
public final class OutputReader implements AutoCloseable {
    /** Says that nothing came for a while, or that all has come. */
    public enum Pause { QUIET, END }

    /** A line, or why there is none. */
    public record Next(Optional<String> line, Pause pause) {}

    private final LogCursor cursor;
    private final OutputLog log;
    private final ArrayDeque<String> tail = new ArrayDeque<>();

    OutputReader(Path folder, OutputLog log) {
        cursor = new LogCursor(folder);
        this.log = log;
    }

    /** Passes over all that is there but the last lines; before the first line is taken. */
    public void skipToTail(int lines) throws IOException {
        for (Optional<String> line = cursor.next(); line.isPresent(); line = cursor.next()) {
            tail.addLast(line.get());
            if (tail.size() > lines) tail.removeFirst();
        }
    }

    /** The next line that is there. */
    public Optional<String> next() throws IOException { return tail.isEmpty() ? cursor.next() : Optional.of(tail.removeFirst()); }

    /** The next line; waits for it, but not longer than this. */
    public Next await(long millis) throws IOException, InterruptedException {
        long seen = log.pieces();
        Optional<String> line = next();
        if (line.isPresent()) return new Next(line, Pause.QUIET);
        boolean more = log.await(seen, millis);
        line = next();
        return new Next(line, more || line.isPresent() ? Pause.QUIET : Pause.END);
    }

    @Override public void close() throws IOException { cursor.close(); }
}
