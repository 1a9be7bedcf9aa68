package dev.sojourn.host.command;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import dev.sojourn.sandbox.Guest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a sandbox is made of, before anything of it was looked for. Its shape in JSON: {@link CreationJson}.
 *
 * @param type of the machine, for as long as it lives
 * @param terminal whether the command gets a terminal instead of three pipes
 * @param input whether its standard input stays open for whoever attaches; else it is empty. A terminal's always does
 * @param verbose whether the kernel's messages are kept with the output
 */
public record Creation(What what, MachineType type, long memoryBytes, int cpus, EngineKind engine, String guestInterface,
        Optional<Duration> timeLimit, boolean terminal, boolean input, boolean verbose) {
    /** What runs inside. Paths are absolute, on the host. */
    public sealed interface What {
        /** A command in the default guest, as in {@link Guest.Command}. */
        record Words(List<byte[]> command, List<Guest.Variable> environment, String directory, List<Path> overlays)
                implements What {
            public Words {
                command = List.copyOf(command);
                environment = List.copyOf(environment);
                overlays = List.copyOf(overlays);
            }
        }

        /** A kernel of the user's own, as in {@link Guest.Image}. */
        record Image(Path kernel, Optional<Path> initialRoot, String commandLine) implements What {}

        /**
         * Whatever ran when a snapshot was taken.
         *
         * @param command as far as the snapshot tells of one
         */
        record Saved(Path snapshot, List<byte[]> command) implements What {
            public Saved { command = List.copyOf(command); }
        }
    }
}
