package dev.sojourn.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked for.
 *
 * @param pairs how often each thing is measured in each contender
 * @param parts of {@link #PARTS}
 * @param program a further program with its scales
 */
record Options(int pairs, Set<String> parts, boolean json, Optional<Path> kernel, Optional<Path> busybox,
        Optional<Path> program, Optional<Path> scales) {
    static final List<String> PARTS = List.of("loop", "boot", "programs", "interfaces");

    static final String USAGE = """
            usage: bench/run [--pairs N] [--only PART,...] [--program FILE --scales FILE] [--kernel FILE]
                             [--busybox FILE] [--json]

            Measures Sojourn beside QEMU TCG, turn by turn, and its interfaces beside each other. Parts: loop, boot,
            programs, interfaces.
              --pairs N        how often each is measured (5)
              --program FILE   run this static guest program too, by the names and scales of --scales
              --kernel FILE    instead of the default guest's kernel
              --busybox FILE   a static busybox instead of the default guest's
              --json           JSON instead of a table
            """;

    private static final int PAIRS_MAX = 1000;

    /** @throws IllegalArgumentException with a sentence for the user */
    static Options parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        int pairs = 5;
        Set<String> parts = Set.copyOf(PARTS);
        boolean json = false;
        Optional<Path> kernel = Optional.empty();
        Optional<Path> busybox = Optional.empty();
        Optional<Path> program = Optional.empty();
        Optional<Path> scales = Optional.empty();
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--pairs" -> pairs = number(value(option, left));
                case "--only" -> parts = parts(value(option, left));
                case "--json" -> json = true;
                case "--kernel" -> kernel = Optional.of(Path.of(value(option, left)));
                case "--busybox" -> busybox = Optional.of(Path.of(value(option, left)));
                case "--program" -> program = Optional.of(Path.of(value(option, left)));
                case "--scales" -> scales = Optional.of(Path.of(value(option, left)));
                default -> throw new IllegalArgumentException("There is no option " + option + ".");
            }
        }
        if (program.isPresent() != scales.isPresent()) {
            throw new IllegalArgumentException("--program and --scales go together.");
        }
        return new Options(pairs, parts, json, kernel, busybox, program, scales);
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) throw new IllegalArgumentException(option + " needs a value.");
        return left.pop();
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > PAIRS_MAX) {
            throw new IllegalArgumentException("--pairs is a number from 1 to " + PAIRS_MAX + ".");
        }
        return Integer.parseInt(text);
    }

    private static Set<String> parts(String text) {
        Set<String> asked = new HashSet<>(List.of(text.split(",")));
        if (!PARTS.containsAll(asked)) {
            throw new IllegalArgumentException("--only takes some of " + String.join(",", PARTS) + ".");
        }
        return asked;
    }
}
