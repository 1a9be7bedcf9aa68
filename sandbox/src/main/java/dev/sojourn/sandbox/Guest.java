package dev.sojourn.sandbox;

import dev.sojourn.sandbox.guest.GuestFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What runs inside. */
public sealed interface Guest {
    /**
     * One command in the default guest.
     *
     * @param files kernel, modules and busybox of the default guest
     * @param arguments the command and its arguments, any bytes but zero
     * @param environment variables beside the minimal environment, later ones win
     * @param workingDirectory an absolute path inside the guest
     * @param overlays directories and tar files laid over the default root, in this order
     * @param terminal whether the command gets a terminal instead of three pipes
     * @param verbose whether the kernel says all it has to say, instead of only what is wrong
     */
    record Command(GuestFiles files, List<byte[]> arguments, List<Variable> environment, String workingDirectory,
            List<Path> overlays, boolean terminal, boolean verbose) implements Guest {
        public Command {
            if (arguments.isEmpty()) throw new IllegalArgumentException("a command has at least its name");
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
            overlays = List.copyOf(overlays);
        }
    }

    /**
     * A kernel of the user's own, untouched, with its serial console attached.
     *
     * @param kernel the kernel image's file
     * @param initialRoot the initrd's file
     * @param commandLine handed to the kernel as it is
     */
    record Image(Path kernel, Optional<Path> initialRoot, String commandLine) implements Guest {}

    /**
     * A kernel with a shell script as its first process, which has nothing but busybox and the console.
     *
     * @param kernel the kernel image's file
     * @param busybox a static busybox
     * @param script run with standard input, output and error joined to the console
     */
    record Probe(Path kernel, Path busybox, String script) implements Guest {}

    /** One environment variable. */
    record Variable(String name, String value) {
        public Variable {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException("not a variable name: " + name);
            }
        }
    }
}
