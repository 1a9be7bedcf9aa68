package dev.sojourn.bench;

import dev.sojourn.boot.image.BadImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an interface costs: system calls, pipes, page faults and processes on each, turn by turn, beside {@code native}.
 *
 * <p>Each guest runs the programs several times over; the first times only warm up. A time is that of the thread that runs the
 * machine, by the host's clock of processor time, so that neither other work on the host nor the guest's own clock matters.
 * A run with {@code --deterministic} then gives the instructions executed, which are the same every time: its guest's clock
 * counts them.
 */
final class InterfacesPart {
    static final List<String> INTERFACES = List.of("native", "kvm", "vmware", "hyperv", "xen-pvh", "xen-pv");

    private static final String COMMAND_LINE = "console=ttyS0 console=hvc0 quiet panic=-1 rdinit=/init";
    private static final Pattern START = Pattern.compile(".*bench: start \\d+ (\\w+)");
    private static final Pattern RESULT = Pattern.compile("(\\w+) (\\d+) \\S+ (\\d+)");
    private static final int REPEATS = 6;
    private static final int WARMING = 3;

    /** Few enough for a fraction of a second each. */
    private static final List<ProgramSet.Item> PROGRAMS = List.of(new ProgramSet.Item("syscalls", 200),
            new ProgramSet.Item("pipes", 200), new ProgramSet.Item("faults", 10), new ProgramSet.Item("forks", 40));

    private final Consumer<String> progress;
    private final Path launcher;
    private final Path kernel;
    private final Path root;
    private final Path shortRoot;
    private final Map<String, InterfaceCost> costs = new LinkedHashMap<>();

    /** @param progress told of each run */
    InterfacesPart(Consumer<String> progress, Path launcher, Path kernel, Path busybox, ProgramSet programs, Path work)
            throws IOException, BadImage {
        this.progress = progress;
        this.launcher = launcher;
        this.kernel = kernel;
        root = BenchRoot.write(work.resolve("interfaces.cpio"), busybox, List.of(repeated(programs, REPEATS)));
        shortRoot = BenchRoot.write(work.resolve("interfaces-once.cpio"), busybox, List.of(repeated(programs, 1)));
        for (ProgramSet.Item item : PROGRAMS) {
            costs.put(item.name(), new InterfaceCost(item.name()));
        }
    }

    private static ProgramSet repeated(ProgramSet programs, int times) {
        List<ProgramSet.Item> items = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            items.addAll(PROGRAMS);
        }
        return new ProgramSet(programs.prefix(), programs.program(), items);
    }

    List<InterfaceCost> costs() { return List.copyOf(costs.values()); }

    void measure(int rounds) throws IOException, InterruptedException {
        for (String name : INTERFACES) {
            count(name);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < INTERFACES.size(); i++) {
                // Nobody is always first.
                String name = INTERFACES.get((i + round) % INTERFACES.size());
                Map<String, Samples> times = times(GuestRun.of(command(name, root)));
                progress.accept("interfaces: round " + (round + 1) + ", " + name + " " + medians(times));
                times.forEach((program, samples) -> costs.get(program).seconds(name).add(samples.median()));
            }
        }
    }

    private static Map<String, Double> medians(Map<String, Samples> times) {
        Map<String, Double> medians = new LinkedHashMap<>();
        times.forEach((program, samples) -> medians.put(program, samples.median()));
        return medians;
    }

    private List<String> command(String name, Path initialRoot, String... options) {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", "--interface", name, "--memory",
                Contender.MEBIBYTES + "M", "--kernel", kernel.toString(), "--initrd", initialRoot.toString(), "--cmdline",
                COMMAND_LINE));
        command.addAll(List.of(options));
        return command;
    }

    /** The processor time of each program once it is warm. */
    private static Map<String, Samples> times(GuestRun run) throws IOException {
        run.secondsTo("bench: end");
        Map<String, Samples> times = new LinkedHashMap<>();
        Map<String, Integer> repeats = new LinkedHashMap<>();
        List<GuestRun.Line> marks = run.lines().stream().filter(line -> line.text().contains("bench: ")).toList();
        for (int i = 0; i + 1 < marks.size(); i++) {
            Matcher start = START.matcher(marks.get(i).text());
            if (start.matches() && repeats.merge(start.group(1), 1, Integer::sum) > WARMING) {
                double seconds = marks.get(i + 1).machineSeconds() - marks.get(i).machineSeconds();
                times.computeIfAbsent(start.group(1), _ -> new Samples()).add(seconds);
            }
        }
        return times;
    }

    /** The instructions of each program: with {@code --deterministic} one is a nanosecond. */
    private void count(String name) throws IOException, InterruptedException {
        progress.accept("interfaces: counting on " + name);
        GuestRun run = GuestRun.of(command(name, shortRoot, "--deterministic"));
        run.secondsTo("bench: end");
        for (GuestRun.Line line : run.lines()) {
            Matcher result = RESULT.matcher(line.text().strip());
            if (result.matches() && costs.containsKey(result.group(1))) {
                costs.get(result.group(1)).instructions(name, Long.parseLong(result.group(3)));
            }
        }
    }
}
