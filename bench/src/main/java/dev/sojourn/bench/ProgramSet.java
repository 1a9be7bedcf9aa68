package dev.sojourn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A static guest program that holds several, and which of them to run: {@code PROGRAM NAME SCALE} prints
 * {@code NAME SCALE checksum nanoseconds}.
 *
 * @param prefix stands in front of the names in the result
 */
record ProgramSet(String prefix, Path program, List<Item> items) {
    record Item(String name, long scale) {}

    /** @param scales a file with lines of a name and a scale */
    static ProgramSet of(String prefix, Path program, Path scales) throws IOException {
        List<Item> items = new ArrayList<>();
        for (String line : Files.readAllLines(scales)) {
            String[] words = line.strip().split("\\s+");
            if (line.isBlank()) continue;
            if (words.length != 2 || !words[0].matches("[a-z0-9_]+") || !words[1].matches("\\d{1,12}")) {
                throw new IOException("A line of " + scales + " is not a name and a scale: " + line);
            }
            items.add(new Item(words[0], Long.parseLong(words[1])));
        }
        return new ProgramSet(prefix, program, List.copyOf(items));
    }

    /**
     * Sojourn's own programs. They are C because what guests run is what compilers make; without one they are left out.
     *
     * @param sources the folder of their sources
     */
    static Optional<ProgramSet> own(Path sources, Path work) throws IOException, InterruptedException {
        Path program = work.resolve("guest");
        List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-static", "-o", program.toString()));
        try (var files = Files.list(sources)) {
            files.filter(file -> file.toString().endsWith(".c")).sorted().forEach(file -> command.add(file.toString()));
        }
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) throw new IOException("gcc ended with " + status + ".");
        } catch (IOException e) {
            System.err.println("bench: Sojourn's own guest programs are left out: " + e.getMessage());
            return Optional.empty();
        }
        return Optional.of(of("", program, sources.resolve("scales.txt")));
    }
}
