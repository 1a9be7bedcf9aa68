package dev.sojourn.interfaces.kvm;

import dev.sojourn.cpu.Vector;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** One processor: its registers, and who serves them. */
final class Processor implements ProcessorSide, Stateful {
    private static final int WALL_CLOCK_OLD = 0x11;
    private static final int SYSTEM_TIME_OLD = 0x12;
    private static final int WALL_CLOCK = 0x4b56_4d00;
    private static final int SYSTEM_TIME = 0x4b56_4d01;
    private static final int STEAL_TIME = 0x4b56_4d03;
    private static final int PV_EOI = 0x4b56_4d04;
    private static final int FIRST = WALL_CLOCK;
    private static final int COUNT = 0x100;

    private static final long ENABLED = 1;

    final ProcessorOps ops;
    private final KvmInterface.Machine machine;
    private final Calls calls;
    private final StealTime stealTime;
    private final EndOfInterrupt endOfInterrupt;
    private long systemTime;

    Processor(KvmInterface.Machine machine, ProcessorOps ops) {
        this.machine = machine;
        this.ops = ops;
        calls = new Calls(machine, ops.cpu());
        stealTime = new StealTime(machine.ops, ops);
        endOfInterrupt = new EndOfInterrupt(machine.ops.memory(), ops.apic());
    }

    State registers() {
        return new State(systemTime, stealTime.msr(), endOfInterrupt.msr(), endOfInterrupt.pending(), stealTime.stolenNanos());
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        registers().save(out);
        stealTime.saveWait(out);
    }

    @Override
    public void restore(StateReader in) throws BadState {
        restore(State.read(in));
        stealTime.restoreWait(in);
        if (endOfInterrupt.pending() && !endOfInterrupt.isPlaced()) {
            throw in.bad("has an end of interrupt noted outside of RAM");
        }
    }

    void restore(State state) {
        systemTime = state.systemTime();
        stealTime.restore(state.stealTime(), state.stolenNanos());
        endOfInterrupt.restore(state.endOfInterrupt(), state.endOfInterruptPending());
    }

    @Override
    public void reset() { restore(State.POWER_ON); }

    @Override
    public void cpuid(int leaf, int subleaf, int[] registers) { Discovery.cpuid(leaf, registers); }

    @Override
    public boolean hasMsr(int index) {
        return index - FIRST >= 0 && index - FIRST < COUNT || index == WALL_CLOCK_OLD || index == SYSTEM_TIME_OLD;
    }

    @Override
    public long readMsr(int index) {
        return switch (index) {
            case WALL_CLOCK, WALL_CLOCK_OLD -> machine.clock.wallClock;
            case SYSTEM_TIME, SYSTEM_TIME_OLD -> systemTime;
            case STEAL_TIME -> stealTime.msr();
            case PV_EOI -> endOfInterrupt.msr();
            default -> throw ops.cpu().fault(Vector.GP, 0);
        };
    }

    @Override
    public void writeMsr(int index, long value) {
        switch (index) {
            case WALL_CLOCK, WALL_CLOCK_OLD -> machine.clock.wallClock(value);
            case SYSTEM_TIME, SYSTEM_TIME_OLD -> {
                systemTime = value;
                publishTime();
            }
            case STEAL_TIME -> {
                require((value & StealTime.RESERVED) == 0);
                stealTime.write(value);
            }
            case PV_EOI -> {
                require((value & EndOfInterrupt.RESERVED) == 0);
                endOfInterrupt.write(value);
            }
            default -> throw ops.cpu().fault(Vector.GP, 0);
        }
    }

    private void require(boolean allowed) {
        if (!allowed) {
            throw ops.cpu().fault(Vector.GP, 0);
        }
    }

    private void publishTime() {
        if ((systemTime & ENABLED) != 0) {
            machine.clock.systemTime(systemTime & ~ENABLED, ops.cpu().msrs.tscAdjust, machine.countersAgree());
        }
    }

    /** Whether all counters agree may have changed for everybody. */
    @Override
    public void timeStampChanged() { machine.processors.forEach(Processor::publishTime); }

    @Override
    public CallOutcome hypercall() { return calls.serve(); }

    @Override
    public CallText describe(int port) { return calls.describe(); }

    @Override
    public String msrName(int index) {
        return switch (index) {
            case WALL_CLOCK, WALL_CLOCK_OLD -> "WALL_CLOCK";
            case SYSTEM_TIME, SYSTEM_TIME_OLD -> "SYSTEM_TIME";
            case STEAL_TIME -> "STEAL_TIME";
            case PV_EOI -> "PV_EOI_EN";
            default -> ProcessorSide.super.msrName(index);
        };
    }

    @Override
    public void enter() { stealTime.enter(); }

    @Override
    public void leave() { stealTime.leave(); }

    @Override
    public void interruptTaken(int vector) { endOfInterrupt.taken(); }

    @Override
    public void settleInterrupts() { endOfInterrupt.settle(); }
}
