package dev.sojourn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The thread that runs the machine in a process of Sojourn's: the one that was busiest of those the JVM did not name. */
record MachineThread(long process) {
    private static final List<String> NAMES = List.of("java", "main");

    /** Its processor time so far; 0 if there is none. */
    double seconds() throws IOException {
        long most = 0;
        try (var threads = Files.list(Path.of("/proc", String.valueOf(process), "task"))) {
            for (Path thread : threads.toList()) {
                most = Math.max(most, nanos(thread));
            }
        } catch (NoSuchFileException _) {
            // The process is over.
        }
        return most / 1e9;
    }

    /** The first word of {@code schedstat}: nanoseconds on a processor. */
    private static long nanos(Path thread) throws IOException {
        try {
            return NAMES.contains(Files.readString(thread.resolve("comm")).strip())
                    ? Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]) : 0;
        } catch (NoSuchFileException _) {
            return 0;
        }
    }
}
