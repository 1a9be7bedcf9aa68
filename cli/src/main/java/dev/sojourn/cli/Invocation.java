package dev.sojourn.cli;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Devices;
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
    record Run(What what, Limits limits, boolean terminal, boolean verbose, Optional<Repeatable> repeatable, Devices devices)
            implements Invocation {}

    /**
     * Runs a guest and tells what it asked of its machine.
     *
     * @param calls how many calls are shown one by one
     * @param all whether exits to the chips are among them
     */
    record Trace(Run run, boolean json, int calls, boolean all) implements Invocation {}

    /**
     * Boots one kernel on several interfaces.
     *
     * @param kernel the default guest's if empty
     */
    record Matrix(Optional<Path> kernel, List<String> guestInterfaces, long memoryBytes, int cpus, EngineKind engine,
            Duration timePerBoot, boolean json) implements Invocation {}

    /** Limits of a run. */
    record Limits(long memoryBytes, int cpus, EngineKind engine, String guestInterface, Optional<Duration> time) {}

    /** A run that is to repeat exactly. */
    record Repeatable(long seed, Optional<Path> stateHashes) {}

    /** What to run. */
    sealed interface What {
        record Command(List<byte[]> arguments, List<Guest.Variable> environment, String workingDirectory,
                List<Path> overlays)
                implements What {}

        record Image(Path kernel, Optional<Path> initialRoot, String commandLine) implements What {}
    }
}
