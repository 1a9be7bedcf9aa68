package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** What the host tells of sandboxes, as people read it. */
final class SandboxTable {
    private static final List<String> HEAD = List.of("NAME", "STATE", "STATUS", "AGE", "CPU", "MEMORY", "INTERFACE", "COMMAND");
    private static final int COMMAND_LENGTH_MAX = 40;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private SandboxTable() {}

    static String of(JsonArray sandboxes, long nowMillis) {
        List<List<String>> lines = new ArrayList<>(List.of(HEAD));
        sandboxes.forEach(sandbox -> lines.add(cells(sandbox.getAsJsonObject(), nowMillis)));
        return columns(lines);
    }

    static String event(JsonObject event) {
        return TIME.format(Instant.ofEpochMilli(event.get("time").getAsLong()).atZone(ZoneId.systemDefault())) + "  "
                + event.get("event").getAsString() + "  " + event.get("sandbox").getAsString()
                + (event.has("status") ? "  status " + event.get("status").getAsInt() : "");
    }

    /** Columns as wide as they need to be. */
    static String columns(List<List<String>> lines) {
        int[] widths = IntStream.range(0, lines.getFirst().size())
                .map(i -> lines.stream().mapToInt(line -> line.get(i).length()).max().orElse(0)).toArray();
        return lines.stream().map(line -> IntStream.range(0, line.size()).mapToObj(i -> ("%-" + widths[i] + "s").formatted(line.get(i)))
                .collect(Collectors.joining("  ")).stripTrailing() + "\n").collect(Collectors.joining());
    }

    private static List<String> cells(JsonObject sandbox, long nowMillis) {
        JsonObject creation = sandbox.getAsJsonObject("creation");
        return List.of(sandbox.get("name").getAsString(), sandbox.get("state").getAsString(),
                sandbox.has("status") ? sandbox.get("status").getAsString() : "-",
                age(nowMillis - sandbox.get("created").getAsLong()),
                String.format(Locale.ROOT, "%.1fs", sandbox.get("cpuMillis").getAsLong() / 1e3),
                Quantities.sizeText(creation.get("memoryBytes").getAsLong()), creation.get("interface").getAsString(), command(creation));
    }

    private static String age(long millis) {
        Duration age = Duration.ofMillis(Math.max(0, millis));
        if (age.toMinutes() < 1) return age.toSeconds() + "s";
        if (age.toHours() < 1) return age.toMinutes() + "m";
        return age.toDays() < 1 ? age.toHours() + "h" : age.toDays() + "d";
    }

    /** What runs inside, cut to fit and safe to be shown. */
    static String command(JsonObject creation) {
        String text = creation.has("kernel") ? creation.get("kernel").getAsString() : words(creation.getAsJsonArray("command"));
        if (text.isEmpty() && creation.has("snapshot")) text = creation.get("snapshot").getAsString();
        String safe = text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return safe.length() <= COMMAND_LENGTH_MAX ? safe : safe.substring(0, COMMAND_LENGTH_MAX - 1) + "…";
    }

    private static String words(JsonArray command) {
        return StreamSupport.stream(command.spliterator(), false).map(SandboxTable::word).collect(Collectors.joining(" "));
    }

    private static String word(JsonElement word) { return word.isJsonPrimitive() ? word.getAsString() : "?"; }
}
