package dev.sojourn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A guest of Sojourn's that runs one program whenever a line comes on its console. */
final class GuestSession implements AutoCloseable {
    /** A guest that takes longer has hung. */
    private static final long SECONDS_MAX = 3600;

    private final Process process;
    private final MachineThread machine;
    private final BufferedReader output;
    private final OutputStream input;

    GuestSession(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOJOURN_NO_TRAINING", "yes");
        process = builder.start();
        machine = new MachineThread(process.pid());
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
        input = process.getOutputStream();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException _) {
                // Nobody interrupts it.
            }
        });
    }

    /** Reads up to a line with that text. */
    void await(String text) throws IOException {
        String last = "";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(text)) return;
            last = line;
        }
        throw new IOException("The guest never wrote \"" + text + "\"; its last line: " + last);
    }

    /** Has it run its next program, which writes that text at its end. @return processor time of the machine's thread */
    double step(String text) throws IOException {
        double before = machine.seconds();
        input.write('\n');
        input.flush();
        await(text);
        return machine.seconds() - before;
    }

    @Override public void close() { process.destroyForcibly(); }
}
