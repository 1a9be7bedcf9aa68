package dev.sojourn.machine;

import dev.sojourn.boot.acpi.AcpiConfig;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.EngineDifference;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.device.Alarms;
import dev.sojourn.device.acpipm.PowerControl;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.translator.Translator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private final GuestMemory memory;
    private final Attachments attachments;
    private final Board board;
    private final MachineClock clock;
    private final Interpreter engine;
    private final Translator translator;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final Cpu[] cpus;
    private StateLog log;
    private StateDigest digest;
    private long nextState = Long.MAX_VALUE;
    private volatile Thread runner;
    private Ending ending;

    /** Builds a machine in real time. */
    public Machine(MachineSpec spec, Host host) throws BadImage { this(spec, host, Inputs.real()); }

    /** @throws BadImage if the kernel cannot be used, or does not fit */
    public Machine(MachineSpec spec, Host host, Inputs inputs) throws BadImage {
        memory = new GuestMemory(spec.memoryBytes());
        clock = inputs.clock();
        attachments = new Attachments(host, clock.repeats(), this::post);
        board = new Board(spec, memory, Interfaces.find(spec.guestInterface()).orElseThrow(), host, inputs, new Power(),
                attachments);
        boolean loaded = false;
        try {
            board.guestSide.boot(new Startup(KernelImage.read(spec.kernel()), spec.initrd(), spec.commandLine(), spec.entry(),
                    new AcpiConfig(spec.cpus(), board.virtioSlots())), board.processors.getFirst().cpu);
            loaded = true;
        } finally {
            if (!loaded) {
                attachments.close();
                memory.close();
            }
        }
        cpus = board.processors.stream().map(p -> p.cpu).toArray(Cpu[]::new);
        translator = spec.engine() == EngineKind.INTERPRETER ? null : new Translator();
        engine = translator == null ? new Interpreter(memory, cpus)
                : new Interpreter(memory, translator, Translator.HOT_RUNS, cpus);
        if (spec.engine() == EngineKind.VERIFY) {
            engine.verifyRegions();
        }
        clock.follow(this::executed);
    }

    /** Has the state digested at each {@link StateLog#PERIOD}, and at the end. Before the machine runs. */
    public void log(StateLog log) {
        this.log = log;
        digest = new StateDigest(memory, cpus);
        nextState = StateLog.PERIOD;
    }

    /** Runs the guest on the calling thread until it ends or {@link #stop} is called. */
    public Ending run() {
        runner = Thread.currentThread();
        while (ending == null) {
            for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
                work.run();
            }
            board.alarms.runDue();
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
        return ending;
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

    private void post(Runnable work) {
        posted.add(work);
        LockSupport.unpark(runner);
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
