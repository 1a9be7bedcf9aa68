package dev.sojourn.bench;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.initramfs.InitramfsBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The guest's root: busybox, a first process that runs a list of programs, and those programs. */
final class BenchRoot {
    /** The guest's first line from user space. */
    static final String FIRST_LINE = "bench: user space";

    private BenchRoot() {}

    /** Writes the archive into a file. */
    static Path write(Path file, Path busybox, List<ProgramSet> sets) throws IOException, BadImage {
        return Files.write(file, of(busybox, sets).toBytes());
    }

    /** As {@link #write}; the guest waits for a line on its console before each program. */
    static Path writeStepwise(Path file, Path busybox, List<ProgramSet> sets) throws IOException, BadImage {
        return Files.write(file, of(busybox, sets).file("programs/stepwise", 0644, new byte[0]).toBytes());
    }

    private static InitramfsBuilder of(Path busybox, List<ProgramSet> sets) throws IOException, BadImage {
        InitramfsBuilder root = new InitramfsBuilder();
        for (String folder : List.of("bin", "dev", "proc", "programs")) root.directory(folder, 0755);
        root.characterDevice("dev/console", 0600, 5, 1);
        root.characterDevice("dev/null", 0666, 1, 3);
        root.file("bin/busybox", 0755, busybox);
        root.file("init", 0755, init());
        StringBuilder list = new StringBuilder();
        for (int number = 0; number < sets.size(); number++) {
            ProgramSet set = sets.get(number);
            root.file("programs/" + number, 0755, set.program());
            for (ProgramSet.Item item : set.items()) {
                list.append(number).append(' ').append(item.name()).append(' ').append(item.scale()).append('\n');
            }
        }
        root.file("programs/list", 0644, list.toString().getBytes(StandardCharsets.UTF_8));
        return root;
    }

    private static byte[] init() throws IOException {
        try (InputStream stream = BenchRoot.class.getResourceAsStream("init.sh")) {
            return stream.readAllBytes();
        }
    }
}
