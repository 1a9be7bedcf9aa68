package dev.sojourn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The whole program in a process of its own. */
record Program(Path folder, Path cache) {
    /** @param output standard output, byte for byte as Latin-1 */
    record Outcome(int status, String output, String error) {}

    Outcome run(String input, String... words) throws IOException, InterruptedException {
        Path error = folder.resolve("error");
        Process process = start(words).redirectError(error.toFile())
                .redirectInput(Files.writeString(folder.resolve("input"), input).toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        return new Outcome(process.waitFor(), output, Files.readString(error));
    }

    /** The program, to be started; what it keeps is in the folder. */
    ProcessBuilder start(String... words) {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
                "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), "-Dsojourn.cache=" + cache,
                "dev.sojourn.cli.Main"));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("SOJOURN_HOME", folder.resolve("state").toString());
        return builder;
    }
}
