package dev.sojourn.interfaces.vmi;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.ProcessorSide;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/** One processor: its calls on the host, its alarms, and how it starts. */
final class Processor implements ProcessorSide, Stateful {
    private static final long LOW = 0xffff_ffffL;
    /** A CALL with a relative target. */
    private static final int CALL_BYTES = 5;
    /** IRET with the tag behind it. */
    private static final long RETURN =
            0xcf | (Routines.TAGGED | (long) Call.IRET.number << 8 * Routines.NUMBER_AT) << 8;

    final VmiGuest guest;
    final ProcessorOps ops;
    final Counters counters;
    final Deferred deferred;
    int lazyMode;
    private final Cpu cpu;
    private final HostCalls calls;
    private final AlarmClock real;
    private final AlarmClock available;
    private Optional<ApState> prepared = Optional.empty();

    Processor(VmiGuest guest, ProcessorOps ops) {
        this.guest = guest;
        this.ops = ops;
        cpu = ops.cpu();
        counters = new Counters(guest.machine, ops);
        deferred = new Deferred(cpu.mmu);
        real = new AlarmClock(guest, ops, counters, Counters.REAL);
        available = new AlarmClock(guest, ops, counters, Counters.AVAILABLE);
        calls = new HostCalls(this);
    }

    @Override
    public Optional<Stateful> state() { return Optional.of(this); }

    @Override
    public void save(StateWriter out) {
        new State(counters.stolenNanos(), counters.waitsSince(), lazyMode, real.state(), available.state(), prepared).save(out);
    }

    @Override
    public void restore(StateReader in) throws BadState { restore(State.read(in)); }

    private void restore(State state) {
        counters.restore(state.stolenNanos(), state.waitsSince());
        lazyMode = state.lazyMode();
        real.restore(state.real());
        available.restore(state.available());
        prepared = state.prepared();
    }

    Optional<AlarmClock> alarm(int counter) {
        return switch (counter) {
            case Counters.REAL -> Optional.of(real);
            case Counters.AVAILABLE -> Optional.of(available);
            default -> Optional.empty();
        };
    }

    void prepare(ApState state) { prepared = ops.isStarted() ? prepared : Optional.of(state); }

    @Override
    public CallOutcome hypercall() { return calls.serve(); }

    @Override
    public CallText describe(int port) { return calls.describe().orElse(CallText.UNKNOWN); }

    @Override
    public StartupOutcome startup() {
        if (!guest.isActive()) {
            return StartupOutcome.REAL_MODE;
        }
        boolean loaded = prepared.isPresent() && prepared.get().load(cpu);
        prepared = Optional.empty();
        return loaded ? StartupOutcome.PREPARED : StartupOutcome.IGNORED;
    }

    @Override
    public void reset() { restore(State.POWER_ON); }

    @Override
    public void enter() { counters.enter(); }

    @Override
    public void leave() { counters.leave(); }

    /**
     * A return that the ROM made for the kernel faulted: the kernel has provided for that where it called the ROM. The frame is intact,
     * and below it is still where the call would have returned to.
     */
    @Override
    public void faults() {
        if (cpu.cpl == 0 && cpu.usesDescriptors() && !cpu.isLongMode() && isReturn(cpu.codeLinear(cpu.rip))) {
            cpu.rip = cpu.mmu.load32((cpu.r[Cpu.RSP] & cpu.stackMask) - 4 & LOW) - CALL_BYTES & LOW;
        }
    }

    private boolean isReturn(long linear) {
        return (linear & GuestMemory.PAGE_BYTES - 1) <= GuestMemory.PAGE_BYTES - Long.BYTES && cpu.mmu.load64(linear) == RETURN;
    }
}
