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
 * What an interface costs: system calls, pipes, page faults and processes on each beside {@code native}.
 *
 * <p>A guest of each interface is there at once, and runs one program when it is told to: the guests take turns after fractions of
 * a second, so that the moods of the host are the same for all. A time is that of the thread that runs the machine, by the host's
 * clock of processor time, so that the guest's own clock does not matter. The first turns only warm up. A run with
 * {@code --deterministic} before gives the instructions executed, which are the same every time: its guest's clock counts them.
 */
final class InterfacesPart {
    static final List<String> INTERFACES = List.of("native", "kvm", "vmware", "hyperv", "xen-pvh", "xen-pv");

    private static final String COMMAND_LINE = "console=ttyS0 console=hvc0 quiet panic=-1 rdinit=/init";
    private static final Pattern RESULT = Pattern.compile("(\\w+) (\\d+) \\S+ (\\d+)");
    private static final int WARMING = 6;

    /** Few enough for a fraction of a second each. */
    private static final List<ProgramSet.Item> PROGRAMS = List.of(new ProgramSet.Item("syscalls", 200),
            new ProgramSet.Item("pipes", 200), new ProgramSet.Item("faults", 10), new ProgramSet.Item("forks", 40));

    private final Consumer<String> progress;
    private final Path launcher;
    private final Path kernel;
    private final Path busybox;
    private final ProgramSet programs;
    private final Path work;
    private final Map<String, InterfaceCost> costs = new LinkedHashMap<>();

    /** @param progress told what is being done */
    InterfacesPart(Consumer<String> progress, Path launcher, Path kernel, Path busybox, ProgramSet programs, Path work) {
        this.progress = progress;
        this.launcher = launcher;
        this.kernel = kernel;
        this.busybox = busybox;
        this.programs = programs;
        this.work = work;
        for (ProgramSet.Item item : PROGRAMS) {
            costs.put(item.name(), new InterfaceCost(item.name()));
        }
    }

    List<InterfaceCost> costs() { return List.copyOf(costs.values()); }

    void measure(int turns) throws IOException, InterruptedException, BadImage {
        Path once = BenchRoot.write(work.resolve("interfaces-once.cpio"), busybox, List.of(repeated(1)));
        for (String name : INTERFACES) {
            count(name, once);
        }
        Path root = BenchRoot.writeStepwise(work.resolve("interfaces.cpio"), busybox, List.of(repeated(WARMING + turns)));
        List<GuestSession> guests = new ArrayList<>();
        try {
            for (String name : INTERFACES) {
                progress.accept("interfaces: starting " + name);
                guests.add(new GuestSession(command(name, root)));
                guests.getLast().await(BenchRoot.FIRST_LINE);
            }
            for (int turn = 0; turn < WARMING + turns; turn++) {
                progress.accept("interfaces: turn " + (turn + 1) + " of " + (WARMING + turns));
                turn(guests, turn);
            }
        } finally {
            guests.forEach(GuestSession::close);
        }
    }

    /** Each program on each interface, nobody always first. */
    private void turn(List<GuestSession> guests, int turn) throws IOException {
        for (ProgramSet.Item item : PROGRAMS) {
            for (int i = 0; i < guests.size(); i++) {
                int which = (i + turn) % guests.size();
                double seconds = guests.get(which).step(item.name() + " " + item.scale() + " ");
                if (turn >= WARMING) {
                    costs.get(item.name()).seconds(INTERFACES.get(which)).add(seconds);
                }
            }
        }
    }

    private ProgramSet repeated(int times) {
        List<ProgramSet.Item> items = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            items.addAll(PROGRAMS);
        }
        return new ProgramSet(programs.prefix(), programs.program(), items);
    }

    private List<String> command(String name, Path initialRoot, String... options) {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", "--interface", name, "--memory",
                Contender.MEBIBYTES + "M", "--kernel", kernel.toString(), "--initrd", initialRoot.toString(), "--cmdline",
                COMMAND_LINE));
        command.addAll(List.of(options));
        return command;
    }

    /** The instructions of each program: with {@code --deterministic} one is a nanosecond. */
    private void count(String name, Path once) throws IOException, InterruptedException {
        progress.accept("interfaces: counting on " + name);
        GuestRun run = GuestRun.of(command(name, once, "--deterministic"));
        run.secondsTo("bench: end");
        for (GuestRun.Line line : run.lines()) {
            Matcher result = RESULT.matcher(line.text().strip());
            if (result.matches() && costs.containsKey(result.group(1))) {
                costs.get(result.group(1)).instructions(name, Long.parseLong(result.group(3)));
            }
        }
    }
}
