package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A guest that waits: what it costs, and whether its time passes as ours does. */
class IdleTest {
    private static final String SCRIPT = """
            sleep 5
            now() { read -r up _ </proc/uptime; echo "$up $(date +%s)"; }
            now; sleep 5; now; exit 0
            """;

    /** A moment by the guest's two clocks and ours, and the processor time the program has used until then. */
    private record Moment(double guestUptime, long guestDate, long hostNanos, long hostDate, Duration used) {
        static Moment read(BufferedReader lines, Process process) throws IOException {
            String[] words = lines.readLine().split(" ");
            return new Moment(Double.parseDouble(words[0]), Long.parseLong(words[1]), System.nanoTime(),
                    System.currentTimeMillis() / 1000, process.info().totalCpuDuration().orElseThrow());
        }
    }

    @Test void waitingGuestCostsNextToNothingAndKeepsTime() throws IOException, InterruptedException {
        Process process = Launcher.built().start("run", "--", "sh", "-c", SCRIPT);
        Moment first;
        Moment second;
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            first = Moment.read(lines, process);
            second = Moment.read(lines, process);
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        double wall = (second.hostNanos - first.hostNanos) / 1e9;
        double used = second.used.minus(first.used).toNanos() / 1e9;
        System.out.printf("Used %.2f s of processor time in %.2f s%n", used, wall);
        assertTrue(used < wall / 4, used + " s used in " + wall + " s");
        assertEquals(wall, second.guestUptime - first.guestUptime, 0.5);
        assertEquals(second.hostDate, second.guestDate, 2);
    }
}
