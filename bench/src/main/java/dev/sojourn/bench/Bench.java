package dev.sojourn.bench;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.sandbox.SandboxError;
import dev.sojourn.sandbox.guest.GuestCache;
import dev.sojourn.sandbox.guest.GuestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The benchmark's command. */
public final class Bench {
    private static final String COMMAND_LINE = "console=ttyS0 quiet panic=-1 rdinit=/init";
    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 1;

    private final Options options;
    private final Path checkout = Path.of(System.getProperty("sojourn.root"));
    private final Path work;
    private final List<Contender> contenders = new ArrayList<>();
    private final Optional<Contender> peer = Contender.Qemu.find();
    private final List<Row> rows = new ArrayList<>();
    private final List<InterfaceCost> costs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Bench(Options options, Path work) {
        this.options = options;
        this.work = work;
        contenders.add(new Contender.Sojourn(checkout.resolve("sojourn")));
        peer.ifPresent(contenders::add);
        if (peer.isEmpty()) notes.add("There is no qemu-system-x86_64 on the path: nothing to compare with.");
    }

    /** @param arguments {@link Options#USAGE} */
    public static void main(String[] arguments) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage() + "\n" + Options.USAGE);
            System.exit(WRONG_USAGE);
            return;
        }
        try {
            Report report = new Bench(options, Files.createTempDirectory("sojourn-bench")).run();
            System.out.print(options.json() ? report.json() + "\n" : report.table());
        } catch (IOException | BadImage | SandboxError e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private Report run() throws IOException, InterruptedException, BadImage, SandboxError {
        noteLoad();
        try {
            if (options.parts().contains("loop")) {
                say("loop");
                LoopPart loop = new LoopPart(peer, work);
                loop.measure(options.pairs());
                rows.addAll(loop.rows());
            }
            if (options.parts().contains("boot")) boot();
            if (options.parts().contains("programs")) programs();
            if (options.parts().contains("interfaces")) interfaces();
        } finally {
            clean();
        }
        noteLoad();
        return new Report(rows, costs, notes);
    }

    private void boot() throws IOException, InterruptedException, BadImage, SandboxError {
        say("boot");
        Path root = BenchRoot.write(work.resolve("empty.cpio"), busybox(), List.of());
        BootPart boot = new BootPart(contenders, kernel(), root, COMMAND_LINE);
        boot.measure(options.pairs());
        rows.addAll(boot.rows());
    }

    private void programs() throws IOException, InterruptedException, BadImage, SandboxError {
        say("programs");
        List<ProgramSet> sets = new ArrayList<>();
        ProgramSet.own(checkout.resolve("bench/src/main/guest"), work).ifPresent(sets::add);
        if (options.program().isPresent()) {
            Path program = options.program().get();
            sets.add(ProgramSet.of(program.getFileName() + " ", program, options.scales().orElseThrow()));
        }
        Path root = BenchRoot.write(work.resolve("programs.cpio"), busybox(), sets);
        ProgramsPart programs = new ProgramsPart(sets, contenders, kernel(), root, COMMAND_LINE);
        programs.measure(options.pairs());
        rows.addAll(programs.rows());
        notes.addAll(programs.notes());
    }

    private void interfaces() throws IOException, InterruptedException, BadImage, SandboxError {
        Optional<ProgramSet> programs = ProgramSet.own(checkout.resolve("bench/src/main/guest"), work);
        if (programs.isEmpty()) return;
        say("interfaces");
        InterfacesPart part = new InterfacesPart(Bench::say, checkout.resolve("sojourn"), kernel(), busybox(),
                programs.get(), work);
        part.measure(options.pairs());
        costs.addAll(part.costs());
    }

    private GuestFiles guest() throws SandboxError {
        return new GuestCache(Path.of(System.getProperty("sojourn.cache"))).get(Bench::say);
    }

    private Path kernel() throws SandboxError {
        return options.kernel().isPresent() ? options.kernel().get() : guest().kernel();
    }

    private Path busybox() throws SandboxError {
        return options.busybox().isPresent() ? options.busybox().get() : guest().busybox();
    }

    /** Other work on the host widens the spread: the reader should know. */
    private void noteLoad() throws IOException {
        String load = Files.readString(Path.of("/proc/loadavg")).strip();
        notes.add("load of the host, processes that run or want to: " + load + "; processors: "
                + Runtime.getRuntime().availableProcessors());
    }

    private void clean() throws IOException {
        try (var files = Files.list(work)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(work);
    }

    private static void say(String text) { System.err.println("bench: " + text); }
}
