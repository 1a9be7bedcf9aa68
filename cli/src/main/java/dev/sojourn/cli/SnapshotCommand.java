package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.machine.MachineShape;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.SavedSandbox;

/** Carries out {@code sojourn snapshot verify}: needs no host and no machine. */
final class SnapshotCommand {
    private SnapshotCommand() {}

    static int verify(Invocation.VerifySnapshot asked) {
        try {
            SavedSandbox saved = SavedSandbox.verified(asked.file());
            return Main.say(asked.json() ? Json.text(toJson(saved)) : toText(saved));
        } catch (SandboxError e) {
            Complaints.say(e.getMessage());
            return ExitStatus.LACKING;
        }
    }

    private static String toText(SavedSandbox saved) {
        MachineShape shape = saved.about().shape();
        return String.format(java.util.Locale.ROOT,
                "The snapshot is whole: %s on %s, %s of memory, processors: %d, after %.3f s, written by %s.\n", shape.type().id(),
                shape.guestInterface(), Quantities.sizeText(shape.memoryBytes()), shape.cpus(), saved.about().nanos() / 1e9,
                saved.about().writer());
    }

    private static JsonObject toJson(SavedSandbox saved) {
        MachineShape shape = saved.about().shape();
        JsonObject json = new JsonObject();
        json.addProperty("id", saved.about().id().toString());
        json.addProperty("writer", saved.about().writer());
        json.addProperty("machineType", shape.type().id());
        json.addProperty("interface", shape.guestInterface());
        json.addProperty("memoryBytes", shape.memoryBytes());
        json.addProperty("cpus", shape.cpus());
        json.addProperty("nanos", saved.about().nanos());
        saved.about().base().ifPresent(base -> json.addProperty("base", base.fileName()));
        JsonArray command = new JsonArray();
        saved.arguments().forEach(command::add);
        json.add("command", command);
        json.addProperty("terminal", saved.terminal());
        return json;
    }
}
