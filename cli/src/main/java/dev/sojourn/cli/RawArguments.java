package dev.sojourn.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program's arguments as the bytes they are.
 *
 * <p>The JVM decodes them by the locale and loses what is no text. Linux keeps them in {@code /proc/self/cmdline}, each
 * ended by a zero byte; the last ones are ours.
 */
final class RawArguments {
    private RawArguments() {}

    /** The bytes of these arguments, from this process where that is possible, else as UTF-8. */
    static List<byte[]> of(List<String> arguments) {
        try {
            return of(arguments, Files.readAllBytes(Path.of("/proc/self/cmdline")));
        } catch (IOException _) {
            return encoded(arguments);
        }
    }

    static List<byte[]> of(List<String> arguments, byte[] processLine) {
        List<byte[]> words = split(processLine);
        if (words.size() < arguments.size()) return encoded(arguments);
        List<byte[]> tail = words.subList(words.size() - arguments.size(), words.size());
        for (int i = 0; i < tail.size(); i++) {
            String argument = arguments.get(i);
            if (isPlain(argument) && !argument.equals(new String(tail.get(i), StandardCharsets.US_ASCII))) {
                return encoded(arguments);
            }
        }
        return List.copyOf(tail);
    }

    private static List<byte[]> split(byte[] processLine) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < processLine.length; i++) {
            if (processLine[i] != 0) continue;
            words.add(java.util.Arrays.copyOfRange(processLine, start, i));
            start = i + 1;
        }
        return words;
    }

    private static boolean isPlain(String text) { return text.chars().allMatch(c -> c < 0x80 && c != '?'); }

    private static List<byte[]> encoded(List<String> arguments) {
        return arguments.stream().map(argument -> argument.getBytes(StandardCharsets.UTF_8)).toList();
    }
}
