package dev.sojourn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs inside the guest, by the guest's own clock; the clocks of guest and host are held against each other. */
final class ProgramsPart {
    private static final Pattern START = Pattern.compile(".*bench: start (\\d+) (\\w+)");
    private static final Pattern RESULT = Pattern.compile("(\\w+) (\\d+) (\\S+) (\\d+)");

    /** A guest's clock may be off by so much over all programs, the time between them counted in. */
    private static final double CLOCK_TOLERANCE = 0.15;

    private final List<ProgramSet> sets;
    private final List<Contender> contenders;
    private final Path kernel;
    private final Path root;
    private final String commandLine;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Row cpu = new Row("boot and programs, processor time", "s");
    private final Map<String, String> checksums = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    ProgramsPart(List<ProgramSet> sets, List<Contender> contenders, Path kernel, Path root, String commandLine) {
        this.sets = sets;
        this.contenders = contenders;
        this.kernel = kernel;
        this.root = root;
        this.commandLine = commandLine;
    }

    List<Row> rows() {
        List<Row> all = new ArrayList<>(rows.values());
        all.add(cpu);
        return all;
    }

    /** What a reader of the figures must know. */
    List<String> notes() { return List.copyOf(notes); }

    void measure(int pairs) throws IOException, InterruptedException {
        for (int i = 0; i < pairs; i++) {
            for (Contender contender : contenders) {
                GuestRun run = GuestRun.of(contender.command(kernel, root, commandLine));
                cpu.of(contender).add(run.cpuSeconds());
                read(contender, run);
            }
        }
    }

    private void read(Contender contender, GuestRun run) throws IOException {
        double end = run.secondsTo("bench: end");
        double hostSeconds = end - run.secondsTo(BenchRoot.FIRST_LINE);
        double guestSeconds = 0;
        String current = "";
        for (GuestRun.Line line : run.lines()) {
            Matcher start = START.matcher(line.text());
            if (start.matches()) {
                current = sets.get(Integer.parseInt(start.group(1))).prefix() + start.group(2);
            }
            Matcher result = RESULT.matcher(line.text().strip());
            if (result.matches() && current.endsWith(result.group(1))) {
                double seconds = Long.parseLong(result.group(4)) / 1e9;
                guestSeconds += seconds;
                rows.computeIfAbsent(current, name -> new Row(name, "s")).of(contender).add(seconds);
                check(current, contender, result.group(3));
            } else if (line.text().startsWith("bench: ") && line.text().contains(" failed ")) {
                notes.add(contender.name() + ": " + line.text());
            }
        }
        if (guestSeconds > hostSeconds || guestSeconds < hostSeconds * (1 - CLOCK_TOLERANCE)) {
            notes.add("%s: programs took %.2f s by the guest's clock, all in all %.2f s by the host's"
                    .formatted(contender.name(), guestSeconds, hostSeconds));
        }
    }

    private void check(String name, Contender contender, String checksum) {
        String first = checksums.putIfAbsent(name, checksum);
        if (first != null && !first.equals(checksum)) {
            notes.add("WRONG: " + contender.name() + " computed " + checksum + " in " + name + ", not " + first);
        }
    }
}
