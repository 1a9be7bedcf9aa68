package dev.sojourn.machine;

import dev.sojourn.boot.acpi.AcpiConfig;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.EngineDifference;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.device.Alarms;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.translator.Translator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine: built from a spec, run to its end.
 *
 * <p>Implementation notes. The thread that calls {@link #run} is the machine's: its processors take turns on it, a quantum of
 * instructions each, and alarms and posted work run between turns. So guest memory has the order of one processor, and a run
 * repeats exactly when its inputs do. Other threads only post.
 */
public final class Machine implements AutoCloseable {
    /** Instructions of a turn: about a tenth of a millisecond, the longest an alarm waits. */
    private static final int QUANTUM = 10_000;

    private final MachineShape shape;
    private final Inputs inputs;
    private final GuestMemory memory;
    private final Attachments attachments;
    private final Board board;
    private final MachineClock clock;
    private final Interpreter engine;
    private final Translator translator;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final List<Runnable> fromDevices = new ArrayList<>();
    private final Object door = new Object();
    private final Cpu[] cpus;
    private StateLog log;
    private StateDigest digest;
    private long nextState = Long.MAX_VALUE;
    private volatile Thread runner;
    private Ending ending;
    private int holds;
    /** Under {@link #door}: nothing more is posted. */
    private boolean over;

    /** Builds a machine in real time. */
    public Machine(MachineSpec spec, Host host) throws BadImage { this(spec, host, Inputs.real()); }

    /** @throws BadImage if the kernel cannot be used, or does not fit */
    public Machine(MachineSpec spec, Host host, Inputs inputs) throws BadImage {
        this(spec.shape(), spec.engine(), host, inputs);
        boolean loaded = false;
        try {
            board.guestSide.boot(new Startup(KernelImage.read(spec.kernel()), spec.initrd(), spec.commandLine(), spec.entry(),
                    new AcpiConfig(spec.cpus(), board.virtioSlots())), board.processors.getFirst().cpu);
            loaded = true;
        } finally {
            if (!loaded) {
                close();
            }
        }
    }

    /**
     * Builds a machine that goes on where another was saved.
     *
     * @throws BadState if a part's state is missing, unknown, or cannot be
     * @throws IOException if its RAM cannot be had
     */
    public Machine(MachineState state, RamFiller ram, EngineKind engine, Host host, Inputs inputs) throws BadState, IOException {
        this(state.shape(), engine, host, inputs);
        boolean restored = false;
        try {
            ram.fill(memory);
            restore(state);
            restored = true;
        } finally {
            if (!restored) {
                close();
            }
        }
    }

    private Machine(MachineShape shape, EngineKind kind, Host host, Inputs inputs) {
        this.shape = shape;
        this.inputs = inputs;
        memory = new GuestMemory(shape.memoryBytes());
        clock = inputs.clock();
        attachments = new Attachments(host, clock.repeats(), this::postFromDevice);
        board = new Board(shape, memory, host, inputs, new Power(), attachments);
        cpus = board.processors.stream().map(p -> p.cpu).toArray(Cpu[]::new);
        translator = kind == EngineKind.INTERPRETER ? null : new Translator();
        engine = translator == null ? new Interpreter(memory, cpus)
                : new Interpreter(memory, translator, Translator.HOT_RUNS, cpus);
        if (kind == EngineKind.VERIFY) {
            engine.verifyRegions();
        }
        clock.follow(this::executed);
    }

    private void restore(MachineState state) throws BadState {
        requireSaved();
        clock.stopAt(state.nanos());
        List<Section> sections = new ArrayList<>(state.sections());
        Optional<Section> entropy = sections.stream().filter(s -> s.name().equals(MachineState.ENTROPY)).findFirst();
        entropy.ifPresent(sections::remove);
        Section.restore(sections, board.parts());
        if (entropy.isPresent() && inputs.entropyState().isPresent()) {
            entropy.get().restoreTo(inputs.entropyState().get());
        }
        clock.go();
        post(board::allInputReady);
    }

    private void requireSaved() throws BadState {
        if (!board.isSaved()) {
            throw new BadState("The interface " + shape.guestInterface()
                    + " does not tell its state: a machine on it can be neither saved nor restored.");
        }
    }

    public MachineShape shape() { return shape; }

    /**
     * The parts that a machine without further devices has to restore, and the versions to which this release knows their states.
     *
     * @throws BadState if the interface does not tell its state
     */
    public static Map<String, Integer> parts(MachineShape shape) throws BadState {
        try (Machine machine = new Machine(shape, EngineKind.INTERPRETER, Host.NOWHERE, Inputs.real())) {
            machine.requireSaved();
            Map<String, Integer> versions = new LinkedHashMap<>();
            machine.board.parts().forEach((name, part) -> versions.put(name, part.version()));
            return versions;
        }
    }

    /** Stands still, with its time, from when it is made until it is closed. */
    public final class Hold implements AutoCloseable {
        private boolean closed;

        private Hold() {}

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                post(() -> {
                    if (--holds == 0) {
                        clock.go();
                        List<Runnable> due = List.copyOf(fromDevices);
                        fromDevices.clear();
                        due.forEach(Runnable::run);
                    }
                });
            }
        }
    }

    /**
     * Makes the machine stand still between two turns; it goes on when this and all other holds are closed. Any thread but the
     * machine's; waits for the turn to end.
     *
     * @throws MachineEnded if it has ended
     */
    public Hold hold() throws MachineEnded, InterruptedException {
        CompletableFuture<Boolean> standing = new CompletableFuture<>();
        boolean posted = post(() -> {
            if (ending == null && holds == 0) {
                settle();
                clock.stopAt(clock.nanos());
            }
            holds += ending == null ? 1 : 0;
            standing.complete(ending == null);
        });
        try {
            if (!posted || !standing.get()) {
                throw new MachineEnded();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        return new Hold();
    }

    /**
     * Tells all of its state but RAM, and changes nothing. While it is held, or on its own thread between turns.
     *
     * @throws BadState if the interface does not tell its state
     */
    public MachineState save() throws BadState {
        requireSaved();
        if (holds == 0) {
            settle();
        }
        List<Section> sections = new ArrayList<>(Section.save(board.parts()));
        inputs.entropyState().ifPresent(state -> {
            Section section = Section.of(MachineState.ENTROPY, state);
            sections.add(new Section(MachineState.ENTROPY, section.version(), true, section.bytes()));
        });
        return new MachineState(shape, clock.nanos(), sections);
    }

    /** Its RAM. To be used while it is held. */
    public GuestMemory memory() { return memory; }

    /** Has the next store to each page seen: {@link GuestMemory#takeChanged} is then right. While it is held. */
    public void forgetStores() {
        for (Cpu cpu : cpus) {
            cpu.mmu.forgetStores();
        }
    }

    /** Has the state digested at each {@link StateLog#PERIOD}, and at the end. Before the machine runs. */
    public void log(StateLog log) {
        this.log = log;
        digest = new StateDigest(memory, cpus);
        nextState = (executed() / StateLog.PERIOD + 1) * StateLog.PERIOD;
    }

    /** Runs the guest on the calling thread until it ends or {@link #stop} is called. */
    public Ending run() {
        runner = Thread.currentThread();
        while (ending == null) {
            doPosted();
            if (ending == null && holds > 0) {
                LockSupport.park(this);
                continue;
            }
            if (ending == null) {
                board.alarms.runDue();
            }
            try {
                if (ending == null && !turns()) {
                    idle();
                }
            } catch (EngineDifference e) {
                ending = new Ending.EnginesDiffer(e.getMessage(), e.reproducer().text());
            }
        }
        if (log != null) {
            log.state(executed(), clock.nanos(), digest.at(clock.nanos()));
        }
        synchronized (door) {
            over = true;
        }
        doPosted();
        return ending;
    }

    private void doPosted() {
        for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
            work.run();
        }
    }

    /** Gives each processor a turn. @return whether any executed something */
    private boolean turns() {
        boolean busy = false;
        for (ProcessorPlatform processor : board.processors) {
            if (processor.isStarted()) {
                Cpu cpu = processor.cpu;
                long before = cpu.executed;
                processor.enter();
                turn(cpu);
                clock.executed(cpu.executed - before);
                processor.leave();
                busy |= cpu.executed != before;
                if (cpu.shutdown) {
                    ending = new Ending.TripleFault("processor " + cpu.id + " at 0x" + Long.toHexString(cpu.rip));
                }
            }
        }
        return busy;
    }

    /** Runs a processor for a turn, in parts if the state is to be digested on the way, which the guest cannot tell. */
    private void turn(Cpu cpu) {
        long end = cpu.executed + QUANTUM;
        boolean cut = true;
        while (cut && cpu.executed < end) {
            long toState = nextState - executed();
            cut = toState <= end - cpu.executed;
            engine.run(cpu, cut ? toState : end - cpu.executed);
            cut &= executed() == nextState;
            if (cut) {
                log.state(nextState, clock.nanos(), digest.at(clock.nanos()));
                nextState += StateLog.PERIOD;
                cut = !cpu.yielded && !cpu.shutdown;
            }
        }
    }

    private void idle() {
        long next = board.alarms.next();
        if (next == Alarms.NEVER && board.processors.stream().noneMatch(ProcessorPlatform::acceptsInterrupts)) {
            ending = new Ending.Halted();
        } else if (posted.isEmpty()) {
            clock.idleUntil(next);
        }
    }

    /** Guest instructions executed so far, by all processors. Of use on the machine's thread, or after the run. */
    public long executed() {
        long sum = 0;
        for (Cpu cpu : cpus) {
            sum += cpu.executed + cpu.ahead;
        }
        return sum;
    }

    /** Runs of compiled code that were checked against the interpreter. After the run. */
    public long verifiedRuns() { return engine.verifiedRuns(); }

    /** Instructions in them. */
    public long verifiedInstructions() { return engine.verifiedInstructions(); }

    /** Makes {@link #run} return soon. Any thread. */
    public void stop() {
        post(() -> ending = ending == null ? new Ending.Stopped() : ending);
    }

    /** Presses the power button, to which the guest may or may not listen. Any thread. */
    public void pressPowerButton() { post(board.powerButton); }

    /** Tells that a port's source has bytes, or has ended, after having had none. Any thread. */
    public void inputReady(String port) {
        post(Board.portNumber(port) < 0 ? board::serialInputReady : () -> board.portInputReady(port));
    }

    /** Tells the guest the size of its terminal. Any thread. */
    public void resize(String port, int columns, int rows) {
        if (port.equals(Host.TTY)) {
            post(() -> board.console.resize(columns, rows));
        }
    }

    /**
     * Has something done on the machine's thread, between two turns. Any thread.
     *
     * @return false if it will not be done, since the run is over
     */
    public boolean post(Runnable work) {
        synchronized (door) {
            if (over) {
                return false;
            }
            posted.add(work);
        }
        LockSupport.unpark(runner);
        return true;
    }

    /** What a device's back end has to tell waits as long as the machine stands still. */
    private void postFromDevice(Runnable work) {
        post(() -> {
            if (holds > 0) {
                fromDevices.add(work);
            } else {
                work.run();
            }
        });
    }

    /** Has done what devices were asked for, so that nothing of it is on its way. */
    private void settle() {
        while (attachments.isBusy()) {
            attachments.drain();
            doPosted();
        }
    }

    /** Frees the guest's memory and closes what is attached. The machine must not be running. */
    @Override
    public void close() {
        if (translator != null) {
            translator.close();
        }
        attachments.close();
        memory.close();
    }

    private final class Power implements PowerControl {
        @Override
        public void powerOff() { end(new Ending.PoweredOff()); }

        @Override
        public void reset() { end(new Ending.Reset()); }

        private void end(Ending how) {
            if (ending == null) {
                ending = how;
            }
            board.processors.forEach(p -> p.cpu.attend());
        }
    }
}
