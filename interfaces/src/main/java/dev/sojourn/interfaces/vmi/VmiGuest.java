package dev.sojourn.interfaces.vmi;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.interfaces.GuestSide;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One machine: its ROM, its processors, and the wire of the timer. */
final class VmiGuest implements GuestSide, Stateful {
    private static final int TIMER = 0;

    final MachineOps machine;
    private final Rom rom;
    private final List<Processor> processors = new ArrayList<>();
    private SharedLine timer = new SharedLine(InterruptLine.NONE);
    /** The ROM was initialised: processors start as it was told. */
    private boolean active;

    VmiGuest(MachineOps machine, Rom rom) {
        this.machine = machine;
        this.rom = rom;
    }

    @Override
    public ProcessorSide processor(ProcessorOps ops) {
        Processor processor = new Processor(this, ops);
        processors.add(processor);
        return processor;
    }

    @Override
    public InterruptLine line(int gsi, InterruptLine wired) {
        if (gsi != TIMER) {
            return wired;
        }
        timer = new SharedLine(wired);
        return timer;
    }

    @Override
    public void boot(Startup startup, Cpu processor) throws BadImage {
        startup.asPc(processor);
        machine.memory().write(Rom.ADDRESS, rom.image());
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) { out.flag("active", active).flag("timer-level", timer.level); }

    @Override
    public void restore(StateReader in) throws BadState {
        active = in.flag("active");
        timer.level = in.flag("timer-level");
    }

    void activate() { active = true; }

    boolean isActive() { return active; }

    /** An edge on the line of the timer chip. */
    void timerEdge() { timer.edge(); }

    /** What a processor that was not started yet shall start with. */
    void prepare(int apicId, ApState state) {
        if (apicId >= 0 && apicId < processors.size()) {
            processors.get(apicId).prepare(state);
        }
    }

    /** A wire that two drive: the chip, by levels, and alarms, by edges. */
    private static final class SharedLine implements InterruptLine {
        private final InterruptLine wired;
        private boolean level;

        SharedLine(InterruptLine wired) { this.wired = wired; }

        @Override
        public void set(boolean high) {
            level = high;
            wired.set(high);
        }

        void edge() {
            wired.set(false);
            wired.set(true);
            wired.set(level);
        }
    }
}
