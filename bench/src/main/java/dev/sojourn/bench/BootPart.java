package dev.sojourn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A Linux guest from the command to power-off, with nothing to do in between. */
final class BootPart {
    private final Row firstLine = new Row("command to first user-space line", "s");
    private final Row wall = new Row("command to power-off", "s");
    private final Row cpu = new Row("processor time of the process", "s");
    private final List<Contender> contenders;
    private final Path kernel;
    private final Path root;
    private final String commandLine;

    BootPart(List<Contender> contenders, Path kernel, Path root, String commandLine) {
        this.contenders = contenders;
        this.kernel = kernel;
        this.root = root;
        this.commandLine = commandLine;
    }

    List<Row> rows() { return List.of(firstLine, wall, cpu); }

    void measure(int pairs) throws IOException, InterruptedException {
        for (int i = 0; i < pairs; i++) {
            for (Contender contender : contenders) {
                GuestRun run = GuestRun.of(contender.command(kernel, root, commandLine));
                firstLine.of(contender).add(run.secondsTo(BenchRoot.FIRST_LINE));
                wall.of(contender).add(run.wallSeconds());
                cpu.of(contender).add(run.cpuSeconds());
            }
        }
    }
}
