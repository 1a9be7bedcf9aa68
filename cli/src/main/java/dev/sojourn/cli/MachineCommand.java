package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.machine.MachineType;
import dev.sojourn.probe.Probe;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Carries out {@code sojourn machine} and {@code sojourn probe}. */
final class MachineCommand {
    private final Invocation.Types asked;

    MachineCommand(Invocation.Types asked) { this.asked = asked; }

    int status() {
        return switch (asked) {
            case Invocation.Types.All(boolean json) -> Main.say(json ? Json.text(listJson()) : listText());
            case Invocation.Types.Show(MachineType type, var shown, boolean json) when shown.isPresent() -> view(type, shown.get(), json);
            case Invocation.Types.Show(MachineType type, _, boolean json) -> Main.say(json ? Json.text(json(type)) : text(type));
            case Invocation.Types.Difference difference -> status(difference);
        };
    }

    /** Runs the probe guest and prints its view. */
    static int probe(Invocation.Probe asked) {
        Complaints.say("Probing " + asked.type().id() + " on " + asked.guestInterface() + " ...");
        return Main.say(Probe.view(asked.type(), asked.guestInterface()));
    }

    private static String stage(MachineType type) { return type.stage().name().toLowerCase(Locale.ROOT); }

    private static String listText() {
        StringBuilder text = new StringBuilder();
        for (MachineType type : MachineType.values()) {
            text.append("%-12s %-10s %s%s%n".formatted(type.id(), stage(type), type.summary(),
                    type == MachineType.usual() ? " (used if none is named)" : ""));
        }
        return text.toString();
    }

    private static JsonObject listJson() {
        JsonArray types = new JsonArray();
        for (MachineType type : MachineType.values()) types.add(json(type));
        JsonObject object = new JsonObject();
        object.add("types", types);
        return object;
    }

    private static String text(MachineType type) {
        StringBuilder text = new StringBuilder("%s: %s%nstage: %s%n%nWhat a guest sees, by interface:%n".formatted(type.id(),
                type.summary(), stage(type)));
        for (String name : Probe.interfaces()) {
            String view = Probe.kept(type, name).orElse("");
            text.append(view.isEmpty() ? "  %-10s nothing is kept%n".formatted(name)
                    : "  %-10s %5d lines, SHA-256 %s%n".formatted(name, view.lines().count(), digest(view)));
        }
        return text.append("%n'sojourn machine show %s --interface NAME' prints the lines.%n".formatted(type.id())).toString();
    }

    private static JsonObject json(MachineType type) {
        JsonObject object = new JsonObject();
        object.addProperty("id", type.id());
        object.addProperty("stage", stage(type));
        object.addProperty("summary", type.summary());
        object.addProperty("usual", type == MachineType.usual());
        JsonArray views = new JsonArray();
        for (String name : Probe.interfaces()) {
            String view = Probe.kept(type, name).orElse("");
            JsonObject entry = new JsonObject();
            entry.addProperty("interface", name);
            entry.addProperty("lines", view.lines().count());
            entry.addProperty("sha256", digest(view));
            views.add(entry);
        }
        object.add("views", views);
        return object;
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static int view(MachineType type, String guestInterface, boolean json) {
        String view = Probe.kept(type, guestInterface).orElse("");
        if (view.isEmpty()) {
            Complaints.say("Nothing is kept of " + type.id() + " on " + guestInterface + "; 'sojourn probe' looks at it now.");
            return ExitStatus.FAILED;
        }
        JsonObject object = new JsonObject();
        object.add("view", array(view.lines().toList()));
        return Main.say(json ? Json.text(object) : view);
    }

    private static int status(Invocation.Types.Difference asked) {
        StringBuilder text = new StringBuilder();
        JsonArray differences = new JsonArray();
        boolean same = true;
        for (String name : asked.guestInterfaces()) {
            List<String> from = Probe.kept(asked.from(), name).orElse("").lines().toList();
            List<String> to = Probe.kept(asked.to(), name).orElse("").lines().toList();
            List<String> gone = without(from, to);
            List<String> come = without(to, from);
            same &= gone.isEmpty() && come.isEmpty();
            text.append(name).append(gone.isEmpty() && come.isEmpty() ? ": no difference\n" : ":\n");
            gone.forEach(line -> text.append("  - ").append(line).append('\n'));
            come.forEach(line -> text.append("  + ").append(line).append('\n'));
            JsonObject entry = new JsonObject();
            entry.addProperty("interface", name);
            entry.add("removed", array(gone));
            entry.add("added", array(come));
            differences.add(entry);
        }
        JsonObject object = new JsonObject();
        object.addProperty("from", asked.from().id());
        object.addProperty("to", asked.to().id());
        object.add("differences", differences);
        int written = Main.say(asked.json() ? Json.text(object) : text.toString());
        return written != ExitStatus.OK ? written : same ? ExitStatus.OK : ExitStatus.LACKING;
    }

    private static List<String> without(List<String> lines, List<String> others) {
        Set<String> known = Set.copyOf(others);
        return lines.stream().filter(line -> !known.contains(line)).toList();
    }

    private static JsonArray array(List<String> lines) {
        JsonArray array = new JsonArray();
        lines.forEach(array::add);
        return array;
    }
}
