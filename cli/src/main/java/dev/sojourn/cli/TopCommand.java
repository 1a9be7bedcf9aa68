package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.client.HostClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Carries out {@code sojourn top}: what running sandboxes use, by the second. */
final class TopCommand {
    private static final List<String> HEAD = List.of("NAME", "STATE", "CPU %", "CPU", "MEMORY", "COMMAND");
    private static final long PERIOD_MILLIS = 1000;
    private static final String HOME_AND_CLEAR = "\033[H\033[J";

    private final HostClient host;
    private final boolean json;

    TopCommand(HostClient host, boolean json) {
        this.host = host;
        this.json = json;
    }

    int status() throws HostError, InterruptedException {
        boolean terminal = HostTerminal.isTerminal(1) && !json;
        Map<String, Long> before = times(sandboxes());
        long since = System.nanoTime();
        do {
            Thread.sleep(PERIOD_MILLIS);
            JsonArray now = sandboxes();
            long at = System.nanoTime();
            String text = json ? Json.text(toJson(now, before, at - since)) : toText(now, before, at - since);
            System.out.print(terminal ? HOME_AND_CLEAR + text : text);
            System.out.flush();
            before = times(now);
            since = at;
        } while (terminal && !System.out.checkError());
        return ExitStatus.OK;
    }

    static String toText(JsonArray sandboxes, Map<String, Long> before, long nanos) {
        List<List<String>> lines = new ArrayList<>(List.of(HEAD));
        for (JsonElement element : sandboxes) {
            JsonObject sandbox = element.getAsJsonObject();
            lines.add(List.of(sandbox.get("name").getAsString(), sandbox.get("state").getAsString(),
                    String.format(Locale.ROOT, "%5.1f", percent(sandbox, before, nanos)),
                    String.format(Locale.ROOT, "%.1fs", sandbox.get("cpuMillis").getAsLong() / 1e3),
                    Quantities.sizeText(sandbox.getAsJsonObject("creation").get("memoryBytes").getAsLong()),
                    SandboxTable.command(sandbox.getAsJsonObject("creation"))));
        }
        return SandboxTable.columns(lines);
    }

    private static JsonObject toJson(JsonArray sandboxes, Map<String, Long> before, long nanos) {
        JsonArray array = new JsonArray();
        for (JsonElement element : sandboxes) {
            JsonObject sandbox = element.getAsJsonObject().deepCopy();
            sandbox.addProperty("cpuPercent", Math.round(10 * percent(sandbox, before, nanos)) / 10.0);
            array.add(sandbox);
        }
        JsonObject json = new JsonObject();
        json.add("sandboxes", array);
        return json;
    }

    private static double percent(JsonObject sandbox, Map<String, Long> before, long nanos) {
        long now = sandbox.get("cpuMillis").getAsLong();
        return 100.0 * 1e6 * (now - before.getOrDefault(sandbox.get("name").getAsString(), now)) / nanos;
    }

    private JsonArray sandboxes() throws HostError, InterruptedException {
        JsonArray live = new JsonArray();
        for (JsonElement sandbox : host.get("/v1/sandboxes").getAsJsonArray("sandboxes")) {
            if (!sandbox.getAsJsonObject().has("ended")) live.add(sandbox);
        }
        return live;
    }

    private static Map<String, Long> times(JsonArray sandboxes) {
        Map<String, Long> times = new HashMap<>();
        sandboxes.forEach(sandbox -> times.put(sandbox.getAsJsonObject().get("name").getAsString(),
                sandbox.getAsJsonObject().get("cpuMillis").getAsLong()));
        return times;
    }
}
