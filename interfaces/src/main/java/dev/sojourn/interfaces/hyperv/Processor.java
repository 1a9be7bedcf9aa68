package dev.sojourn.interfaces.hyperv;

import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** One virtual processor. */
final class Processor implements ProcessorSide, Stateful {
    final ProcessorOps ops;
    final SyntheticInterrupts interrupts;
    final SyntheticTimer[] timers;
    private final Partition partition;
    private final Registers registers;
    private final Calls calls;
    long assistPage;
    private long runtime;
    private long turnSince;
    private boolean idle;

    Processor(Partition partition, ProcessorOps ops) {
        this.partition = partition;
        this.ops = ops;
        interrupts = new SyntheticInterrupts(partition.ops, ops);
        timers = IntStream.range(0, State.TIMERS).mapToObj(number ->
                new SyntheticTimer(number, partition.clock, interrupts, partition.ops.alarms())).toArray(SyntheticTimer[]::new);
        registers = new Registers(partition, this);
        calls = new Calls(partition, ops.cpu());
    }

    State registers() {
        State.Timer[] states = new State.Timer[timers.length];
        for (int i = 0; i < timers.length; i++) {
            states[i] = timers[i].state();
        }
        return new State(assistPage, runtime, idle, interrupts.control(), interrupts.eventPage(), interrupts.messagePage(),
                interrupts.sources(), states);
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        registers().save(out);
        out.numbers("timer-alarms", Arrays.stream(timers).mapToLong(SyntheticTimer::dueAt).toArray());
    }

    @Override
    public void restore(StateReader in) throws BadState {
        restore(State.read(in));
        long[] due = in.numbersOf("timer-alarms", timers.length);
        for (int i = 0; i < timers.length; i++) {
            timers[i].dueAt(due[i]);
        }
    }

    void restore(State state) {
        assistPage = state.assistPage();
        runtime = state.runtime();
        idle = state.idle();
        interrupts.restore(state);
        for (int i = 0; i < timers.length; i++) {
            timers[i].restore(state.timers()[i]);
        }
    }

    @Override
    public void reset() { restore(State.powerOn()); }

    @Override
    public void cpuid(int leaf, int subleaf, int[] registers) { Discovery.cpuid(leaf, registers); }

    @Override
    public boolean hasMsr(int index) { return Registers.has(index); }

    @Override
    public long readMsr(int index) { return registers.read(index); }

    @Override
    public void writeMsr(int index, long value) { registers.write(index, value); }

    @Override
    public String msrName(int index) { return Registers.name(index); }

    @Override
    public CallOutcome hypercall() { return calls.serve(); }

    @Override
    public CallText describe(int port) { return calls.describe(); }

    /** Nanoseconds it has had its turn. */
    long runtime() { return runtime + partition.ops.nanos() - turnSince; }

    /** Waits for an interrupt, taken or not. */
    void waitForInterrupt() {
        if (!ops.apic().hasInterrupt()) {
            idle = true;
            ops.idle();
        }
    }

    /** A slot of the message page is free. */
    void messageEnded() {
        for (SyntheticTimer timer : timers) {
            timer.retry();
        }
    }

    @Override
    public void enter() {
        turnSince = partition.ops.nanos();
        if (idle && (!ops.cpu().halted || ops.apic().hasInterrupt())) {
            idle = false;
            ops.cpu().halted = false;
        }
    }

    @Override
    public void leave() { runtime = runtime(); }

    @Override
    public void interruptTaken(int vector) {
        if (interrupts.endsItself(vector)) {
            ops.apic().endService();
        }
    }

    @Override
    public void timeStampChanged() { partition.timeStampChanged(); }
}
