package dev.sojourn.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program that runs guests: Sojourn by its launcher, or QEMU with its translator. */
sealed interface Contender {
    /** The memory of every guest that is measured. */
    int MEBIBYTES = 512;

    String name();

    default boolean isPeer() { return this instanceof Qemu; }

    /** The command that runs a kernel to its end, its console on standard output. */
    List<String> command(Path kernel, Path initialRoot, String commandLine);

    record Sojourn(Path launcher) implements Contender {
        @Override public String name() { return "sojourn"; }

        @Override public List<String> command(Path kernel, Path initialRoot, String commandLine) {
            return List.of(launcher.toString(), "run", "--memory", MEBIBYTES + "M", "--kernel", kernel.toString(),
                    "--initrd", initialRoot.toString(), "--cmdline", commandLine);
        }
    }

    record Qemu(Path program) implements Contender {
        private static final String NAME = "qemu-system-x86_64";

        static Optional<Contender> find() {
            for (String folder : System.getenv("PATH").split(":")) {
                Path program = Path.of(folder, NAME);
                if (Files.isExecutable(program)) {
                    return Optional.of(new Qemu(program));
                }
            }
            return Optional.empty();
        }

        @Override public String name() { return "qemu tcg"; }

        @Override public List<String> command(Path kernel, Path initialRoot, String commandLine) {
            List<String> command = new ArrayList<>(bare(kernel));
            command.addAll(List.of("-initrd", initialRoot.toString(), "-append", commandLine));
            return command;
        }

        /** Without a Linux guest's initial root and command line. */
        List<String> bare(Path kernel) {
            return List.of(program.toString(), "-accel", "tcg", "-M", "pc", "-m", String.valueOf(MEBIBYTES),
                    "-nographic", "-no-reboot", "-kernel", kernel.toString());
        }
    }
}
