package dev.sojourn.sandbox.matrix;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the script on the console told; written on the machine's thread, read when the run is over. Everything is bounded. */
final class ProbeReport extends OutputStream {
    private static final String PREFIX = "sojourn-probe ";
    private static final int LINE_BYTES_MAX = 300;
    private static final int ALARMS_MAX = 5;
    private static final int ANSWERS_MAX = 20;

    private final long startNanos = System.nanoTime();
    private final StringBuilder line = new StringBuilder();
    private final Map<String, String> answers = new HashMap<>();
    private final List<String> alarms = new ArrayList<>();
    private Optional<Duration> userSpace = Optional.empty();

    @Override public void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) write(bytes[i]);
    }

    @Override public void write(int b) {
        if ((b & 0xff) == '\n') {
            accept(new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            line.setLength(0);
        } else if (line.length() < LINE_BYTES_MAX && (b & 0xff) >= ' ') {
            line.append((char) (b & 0xff));
        }
    }

    /** A message of the kernel may stand before what the script says. */
    private void accept(String text) {
        int start = text.indexOf(PREFIX);
        if (start < 0) return;
        String[] words = text.substring(start + PREFIX.length()).strip().split(" ", 2);
        String value = words.length == 2 ? words[1].strip() : "";
        if (words[0].equals("started")) userSpace = Optional.of(Duration.ofNanos(System.nanoTime() - startNanos));
        if (words[0].equals("alarm")) {
            if (alarms.size() < ALARMS_MAX) alarms.add(value);
        } else if (answers.size() < ANSWERS_MAX) {
            answers.put(words[0], value);
        }
    }

    /** What it said to a question; empty if nothing. */
    String answer(String question) { return answers.getOrDefault(question, ""); }

    boolean isComplete() { return answers.containsKey("end"); }

    List<String> alarms() { return List.copyOf(alarms); }

    Optional<Duration> userSpace() { return userSpace; }
}
