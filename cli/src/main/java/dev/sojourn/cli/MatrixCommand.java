package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.guest.GuestCache;
import dev.sojourn.sandbox.guest.GuestFiles;
import dev.sojourn.sandbox.matrix.Matrix;
import dev.sojourn.sandbox.matrix.MatrixRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Carries out {@code sojourn matrix}: one kernel on every interface, side by side. */
final class MatrixCommand {
    private static final List<String> HEAD = List.of("interface", "result", "kernel", "hypervisor", "clock source", "cpus",
            "user space", "hypercalls", "MSRs", "ports", "refused", "other exits");
    /** From this column on, numbers stand under each other. */
    private static final int NUMBERS = 5;

    private final Invocation.Matrix asked;
    private final HostPlace place;
    private final Signals signals;

    MatrixCommand(Invocation.Matrix asked, HostPlace place, Signals signals) {
        this.asked = asked;
        this.place = place;
        this.signals = signals;
    }

    int status() {
        try {
            List<MatrixRow> rows = boot();
            int written = Main.say(asked.json() ? Json.text(toJson(rows)) : toText(rows));
            return written != ExitStatus.OK ? written : allPassed(rows) ? ExitStatus.OK : ExitStatus.LACKING;
        } catch (SandboxError e) {
            if (signals.status().isEmpty()) Complaints.say(e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    private List<MatrixRow> boot() throws SandboxError {
        GuestFiles files = new GuestCache(place.cache()).get(Complaints::say);
        Matrix matrix = new Matrix(asked.kernel().orElse(files.kernel()), files.busybox(), asked.memoryBytes(), asked.cpus(),
                asked.engine(), asked.timePerBoot());
        List<MatrixRow> rows = new ArrayList<>();
        for (String name : asked.guestInterfaces()) {
            if (signals.status().isPresent()) break;
            rows.add(matrix.boot(name, sandbox -> {
                Complaints.say("Booting on " + name + " ...");
                signals.onSignal(sandbox::stop);
            }));
        }
        return rows;
    }

    private static boolean allPassed(List<MatrixRow> rows) { return rows.stream().allMatch(MatrixRow::passed); }

    static String toText(List<MatrixRow> rows) {
        List<List<String>> cells = new ArrayList<>(List.of(HEAD));
        rows.forEach(row -> cells.add(cells(row)));
        int[] widths = IntStream.range(0, HEAD.size())
                .map(i -> cells.stream().mapToInt(line -> line.get(i).length()).max().orElse(0)).toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> line : cells) {
            text.append(IntStream.range(0, line.size())
                    .mapToObj(i -> ("%" + (i < NUMBERS ? "-" : "") + widths[i] + "s").formatted(line.get(i)))
                    .collect(Collectors.joining("  ")).stripTrailing()).append('\n');
        }
        rows.stream().filter(row -> !row.passed()).forEach(row -> text.append(complaint(row)));
        return text.toString();
    }

    private static List<String> cells(MatrixRow row) {
        MatrixRow.Calls calls = row.calls();
        return List.of(row.guestInterface(), row.passed() ? "ok" : "FAILED", orDash(row.kernel()), orDash(row.hypervisor()),
                orDash(row.clock()), row.processors() == 0 ? "-" : Integer.toString(row.processors()),
                row.userSpace().map(time -> String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3)).orElse("-"),
                Long.toString(calls.hypercalls()), Long.toString(calls.registers()), Long.toString(calls.ports()),
                Long.toString(calls.refused()), Long.toString(calls.others()));
    }

    private static String orDash(String text) { return text.isEmpty() ? "-" : text; }

    private static String complaint(MatrixRow row) {
        return "\n" + row.guestInterface() + ": " + row.failure().orElseThrow() + "\n"
                + row.lastLines().stream().map(line -> "  | " + line + "\n").collect(Collectors.joining());
    }

    private JsonObject toJson(List<MatrixRow> rows) {
        JsonArray list = new JsonArray();
        rows.forEach(row -> list.add(toJson(row)));
        JsonObject report = new JsonObject();
        asked.kernel().ifPresent(kernel -> report.addProperty("kernel", kernel.toString()));
        report.addProperty("passed", allPassed(rows));
        report.add("rows", list);
        return report;
    }

    private static JsonObject toJson(MatrixRow row) {
        JsonObject calls = new JsonObject();
        calls.addProperty("hypercalls", row.calls().hypercalls());
        calls.addProperty("registers", row.calls().registers());
        calls.addProperty("ports", row.calls().ports());
        calls.addProperty("refused", row.calls().refused());
        calls.addProperty("others", row.calls().others());
        JsonObject entry = new JsonObject();
        entry.addProperty("interface", row.guestInterface());
        entry.addProperty("passed", row.passed());
        row.failure().ifPresent(sentence -> entry.addProperty("failure", sentence));
        entry.addProperty("kernel", row.kernel());
        entry.addProperty("hypervisor", row.hypervisor());
        entry.addProperty("clockSource", row.clock());
        entry.addProperty("processors", row.processors());
        row.userSpace().ifPresent(time -> entry.addProperty("userSpaceMillis", time.toMillis()));
        entry.add("calls", calls);
        if (!row.passed()) {
            JsonArray lines = new JsonArray();
            row.lastLines().forEach(lines::add);
            entry.add("lastLines", lines);
        }
        return entry;
    }
}
