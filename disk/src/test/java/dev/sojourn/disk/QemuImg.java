package dev.sojourn.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program {@code qemu-img}, where it is installed. */
final class QemuImg {
    private QemuImg() {}

    record Outcome(int status, String text) {}

    static boolean isThere() {
        try {
            return run("--version").status == 0;
        } catch (IOException | InterruptedException _) {
            return false;
        }
    }

    static Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("qemu-img"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), text);
    }

    static void must(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(arguments);
        if (outcome.status != 0) throw new AssertionError(String.join(" ", arguments) + "\n" + outcome.text);
    }

    /** Checks an image. @return what is wrong; leaked clusters, which a death may leave, only if asked for */
    static String faults(Path image, boolean leaksToo) throws IOException, InterruptedException {
        Outcome check = run("check", "-f", "qcow2", image.toString());
        return check.status == 0 || check.status == 3 && !leaksToo ? "" : check.text;
    }
}
