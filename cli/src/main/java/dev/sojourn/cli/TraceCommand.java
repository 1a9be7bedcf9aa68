package dev.sojourn.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.ExitTrace.Exit;
import dev.sojourn.sandbox.trace.ExitTally;
import java.io.FileDescriptor;
import java.util.Locale;

/** Carries out {@code sojourn trace}: a run, and a report of what its guest asked of the machine. */
final class TraceCommand {
    private final Invocation.Trace asked;
    private final HostPlace place;
    private final Signals signals;

    TraceCommand(Invocation.Trace asked, HostPlace place, Signals signals) {
        this.asked = asked;
        this.place = place;
        this.signals = signals;
    }

    int status() {
        ExitTally tally = new ExitTally(asked.calls(), asked.all());
        int status = new Run(asked.run(), place, signals, FileDescriptor.err, tally).status();
        String name = asked.run().limits().guestInterface();
        int written = Main.say(asked.json() ? Json.text(toJson(name, tally)) : toText(name, tally));
        return written == ExitStatus.OK ? status : written;
    }

    static String kind(ExitTally.What what) { return kind(what.kind().name(), what.ofInterface()); }

    private static String kind(String kind, boolean ofInterface) {
        String words = kind.toLowerCase(Locale.ROOT).replace('_', ' ').replace("msr", "MSR").replace("cpuid", "CPUID");
        return ofInterface && !words.equals("hypercall") ? "interface " + words : words;
    }

    static String toText(String guestInterface, ExitTally tally) {
        StringBuilder text = new StringBuilder();
        text.append("Exits on ").append(guestInterface).append(":\n\n");
        text.append(line("%12s %9s %12s  %-24s %s%n", "count", "refused", "total ms", "kind", "name"));
        for (ExitTally.Row row : tally.rows()) {
            text.append(line("%12d %9s %12.3f  %-24s %s%n", row.count(), row.refused() == 0 ? "-" : row.refused(),
                    row.nanos() / 1e6, kind(row.what()), row.what().name()));
        }
        if (!tally.calls().isEmpty()) {
            text.append(line("%nThe first %d of %d calls:%n%n", tally.calls().size(),
                    tally.calls().size() + tally.dropped()));
            tally.calls().forEach(exit -> text.append(line(exit)));
        }
        return text.toString();
    }

    private static String line(String format, Object... values) { return String.format(Locale.ROOT, format, values); }

    private static String line(Exit exit) {
        StringBuilder call = new StringBuilder(exit.call().name());
        for (CallText.Argument argument : exit.call().arguments()) {
            call.append(' ').append(argument.name()).append('=').append(Json.hex(argument.value()));
        }
        return line("%14.9f cpu%d %-20s %s = %s%s, %.1f us%n", exit.nanos() / 1e9, exit.processor(),
                kind(exit.kind().name(), exit.ofInterface()), call, Json.hex(exit.result()),
                exit.refused() ? " refused" : "", exit.tookNanos() / 1e3);
    }

    private static JsonObject toJson(String guestInterface, ExitTally tally) {
        JsonArray exits = new JsonArray();
        for (ExitTally.Row row : tally.rows()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("kind", row.what().kind().name().toLowerCase(Locale.ROOT));
            entry.addProperty("ofInterface", row.what().ofInterface());
            entry.addProperty("name", row.what().name());
            entry.addProperty("count", row.count());
            entry.addProperty("refused", row.refused());
            entry.addProperty("nanos", row.nanos());
            exits.add(entry);
        }
        JsonArray calls = new JsonArray();
        tally.calls().forEach(exit -> calls.add(toJson(exit)));
        JsonObject report = new JsonObject();
        report.addProperty("interface", guestInterface);
        report.add("exits", exits);
        report.add("calls", calls);
        report.addProperty("callsNotListed", tally.dropped());
        return report;
    }

    private static JsonObject toJson(Exit exit) {
        JsonObject arguments = new JsonObject();
        exit.call().arguments().forEach(argument -> arguments.addProperty(argument.name(), Json.hex(argument.value())));
        JsonObject entry = new JsonObject();
        entry.addProperty("nanos", exit.nanos());
        entry.addProperty("processor", exit.processor());
        entry.addProperty("kind", exit.kind().name().toLowerCase(Locale.ROOT));
        entry.addProperty("ofInterface", exit.ofInterface());
        entry.addProperty("name", exit.call().name());
        entry.addProperty("number", Json.hex(exit.call().number()));
        entry.add("arguments", arguments);
        entry.addProperty("result", Json.hex(exit.result()));
        entry.addProperty("refused", exit.refused());
        entry.addProperty("tookNanos", exit.tookNanos());
        return entry;
    }
}
