package dev.sojourn.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/** The result for people, and for programs. */
record Report(List<Row> rows, List<InterfaceCost> costs, List<String> notes) {
    private static final String LINE = "%-34s %-24s %10s %-19s %10s %-19s %7s%n";
    private static final String COST = "%-10s %-8s %8s %7s %-17s %14s %7s%n";

    /** Medians, the least and the most of each, and Sojourn's in terms of the peer's. */
    String table() {
        StringBuilder text = new StringBuilder();
        if (!rows.isEmpty()) rows(text);
        if (!costs.isEmpty()) costs(text);
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    private void rows(StringBuilder text) {
        text.append(LINE.formatted("", "", "sojourn", "", "qemu tcg", "", "ratio"));
        for (Row row : rows) {
            text.append(LINE.formatted(row.name, row.unit, median(row.sojourn), spread(row.sojourn), median(row.peer),
                    spread(row.peer), Double.isNaN(row.ratio()) ? "" : number(row.ratio())));
        }
    }

    /** Medians in seconds, in terms of native's with the spread of that, and instructions likewise. */
    private void costs(StringBuilder text) {
        text.append(COST.formatted("", "", "seconds", "ratio", "", "instructions", "ratio"));
        for (InterfaceCost cost : costs) {
            for (String name : InterfacesPart.INTERFACES) {
                Samples ratios = cost.ratios(name);
                text.append(COST.formatted(cost.program, name, median(cost.seconds(name)), median(ratios), spread(ratios),
                        cost.instructions(name), number(cost.instructionRatio(name))));
            }
        }
    }

    String json() {
        JsonArray list = new JsonArray();
        for (Row row : rows) {
            JsonObject entry = new JsonObject();
            entry.addProperty("name", row.name);
            entry.addProperty("unit", row.unit);
            entry.add("sojourn", samples(row.sojourn));
            entry.add("qemu-tcg", samples(row.peer));
            if (!Double.isNaN(row.ratio())) entry.addProperty("ratio", row.ratio());
            list.add(entry);
        }
        JsonArray noteList = new JsonArray();
        notes.forEach(noteList::add);
        JsonObject all = new JsonObject();
        all.add("rows", list);
        all.add("interfaces", interfaces());
        all.add("notes", noteList);
        return new GsonBuilder().setPrettyPrinting().create().toJson(all);
    }

    private JsonArray interfaces() {
        JsonArray list = new JsonArray();
        for (InterfaceCost cost : costs) {
            for (String name : InterfacesPart.INTERFACES) {
                JsonObject entry = new JsonObject();
                entry.addProperty("program", cost.program);
                entry.addProperty("interface", name);
                entry.add("seconds", samples(cost.seconds(name)));
                entry.add("ratios", samples(cost.ratios(name)));
                entry.addProperty("instructions", cost.instructions(name));
                list.add(entry);
            }
        }
        return list;
    }

    private static JsonObject samples(Samples samples) {
        JsonObject entry = new JsonObject();
        JsonArray values = new JsonArray();
        samples.values().forEach(values::add);
        if (!samples.isEmpty()) entry.addProperty("median", samples.median());
        entry.add("values", values);
        return entry;
    }

    private static String median(Samples samples) { return samples.isEmpty() ? "" : number(samples.median()); }

    private static String spread(Samples samples) {
        return samples.isEmpty() ? "" : "(" + number(samples.least()) + " to " + number(samples.most()) + ")";
    }

    private static String number(double value) {
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
