package dev.sojourn.cli;

import dev.sojourn.host.command.SandboxName;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
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

    /** Something about machine types. */
    sealed interface Types extends Invocation {
        record All(boolean json) implements Types {}

        /** @param guestInterface whose view is shown, or empty for what there is to know of the type */
        record Show(MachineType type, Optional<String> guestInterface, boolean json) implements Types {}

        record Difference(MachineType from, MachineType to, List<String> guestInterfaces, boolean json) implements Types {}
    }

    /** Runs the probe guest. */
    record Probe(MachineType type, String guestInterface) implements Invocation {}

    /**
     * Runs a guest on the host, and leaves it there.
     *
     * @param name the host finds one if empty
     * @param input whether its standard input stays open for whoever attaches
     */
    record Detach(Run run, Optional<SandboxName> name, boolean input) implements Invocation {}

    /**
     * Is the host.
     *
     * @param port if empty, the usual one, or any that is free if it starts in the background
     * @param background whether it was started by a command that needs one
     */
    record Host(Optional<Integer> port, boolean background, Optional<Duration> idle, Optional<Long> memoryBytesMax)
            implements Invocation {}

    /** Reads all of a snapshot and tells whether it is whole. */
    record VerifySnapshot(Path file, boolean json) implements Invocation {}

    /** Asks something of the host. */
    sealed interface OnHost extends Invocation {
        record Ps(boolean json) implements OnHost {}

        /** @param tail how many lines from the end; empty for all */
        record Logs(SandboxName name, boolean follow, Optional<Integer> tail, boolean json) implements OnHost {}

        record Stop(List<SandboxName> names, Duration timeout) implements OnHost {}

        record Remove(List<SandboxName> names, boolean force) implements OnHost {}

        record Pause(List<SandboxName> names) implements OnHost {}

        record Resume(List<SandboxName> names) implements OnHost {}

        record Snapshot(SandboxName name, Path file) implements OnHost {}

        record Restore(Path file, Optional<SandboxName> name, EngineKind engine, Optional<Duration> timeLimit) implements OnHost {}

        record Clone(SandboxName name, int count) implements OnHost {}

        record Wait(SandboxName name) implements OnHost {}

        record Attach(SandboxName name) implements OnHost {}

        record Events(boolean json) implements OnHost {}

        record Top(boolean json) implements OnHost {}

        record Console() implements OnHost {}

        record EndHost(boolean force) implements OnHost {}

        record Migrate(SandboxName name, String target, Duration downtime, Optional<Long> bytesPerSecond, boolean json) implements OnHost {}
    }

    /** Limits of a run, and the machine it has. */
    record Limits(MachineType type, long memoryBytes, int cpus, EngineKind engine, String guestInterface, Optional<Duration> time) {}

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
