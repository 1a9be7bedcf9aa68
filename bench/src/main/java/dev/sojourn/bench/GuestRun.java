package dev.sojourn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One process that runs a guest, from start to end.
 *
 * @param lines what the guest wrote, with seconds since the command
 * @param wallSeconds from command to end
 * @param cpuSeconds the processor time of the process and what it started and waited for
 */
record GuestRun(List<Line> lines, double wallSeconds, double cpuSeconds) {
    record Line(double seconds, String text) {}

    /** A guest that takes longer has hung. */
    private static final long SECONDS_MAX = 1800;

    /** Fields of {@code /proc/self/stat} behind the name: processor time of children that were waited for. */
    private static final int CHILD_USER_TICKS = 13;
    private static final int CHILD_SYSTEM_TICKS = 14;

    /** Linux counts processor time for programs in hundredths of a second (USER_HZ). */
    private static final double TICKS_PER_SECOND = 100;

    static GuestRun of(List<String> command) throws IOException, InterruptedException {
        double cpuBefore = childSeconds();
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true);
        builder.environment().put("SOJOURN_NO_TRAINING", "yes");
        Process process = builder.start();
        Thread watch = Thread.ofPlatform().daemon().start(() -> {
            try {
                if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException _) {
                // The run is over.
            }
        });
        List<Line> lines = new ArrayList<>();
        try (BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (String text = output.readLine(); text != null; text = output.readLine()) {
                lines.add(new Line(secondsSince(start), text));
            }
        }
        process.waitFor();
        double wall = secondsSince(start);
        watch.interrupt();
        return new GuestRun(lines, wall, childSeconds() - cpuBefore);
    }

    /** When a line with that text came. @throws IOException if none did: the guest failed */
    double secondsTo(String text) throws IOException {
        return lines.stream().filter(line -> line.text().contains(text)).findFirst()
                .orElseThrow(() -> new IOException(
                        "The guest never wrote \"" + text + "\"; its last lines:\n" + lastLines()))
                .seconds();
    }

    private String lastLines() {
        return String.join("\n", lines.stream().skip(Math.max(0, lines.size() - 10)).map(Line::text).toList());
    }

    private static double secondsSince(long start) { return (System.nanoTime() - start) / 1e9; }

    private static double childSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[CHILD_USER_TICKS]) + Long.parseLong(fields[CHILD_SYSTEM_TICKS]);
        return ticks / TICKS_PER_SECOND;
    }
}
