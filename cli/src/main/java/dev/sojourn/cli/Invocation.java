package dev.sojourn.cli;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Guest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the user asks for. */
sealed interface Invocation {
    /** Text for standard output: help or the version. */
    record Say(String text) implements Invocation {}

    record Doctor(boolean json) implements Invocation {}

    /** Runs a guest. */
    record Run(What what, Limits limits, boolean terminal, boolean verbose) implements Invocation {}

    /** Limits of a run. */
    record Limits(long memoryBytes, int cpus, EngineKind engine, String guestInterface, Optional<Duration> time) {}

    /** What to run. */
    sealed interface What {
        record Command(List<byte[]> arguments, List<Guest.Variable> environment, String workingDirectory,
                List<Path> overlays)
                implements What {}

        record Image(Path kernel, Optional<Path> initialRoot, String commandLine) implements What {}
    }
}
