package dev.sojourn.probe;

import dev.sojourn.machine.Machine;
import dev.sojourn.machine.MachineClock;
import java.util.function.LongSupplier;

/** A clock that ends a machine which runs longer than any probe guest does, or waits for ever. */
final class Bounds implements MachineClock {
    static final long INSTRUCTIONS_MAX = 300_000_000;

    private final MachineClock clock;
    private long executed;
    private Machine machine;

    Bounds(MachineClock clock) { this.clock = clock; }

    void on(Machine started) { machine = started; }

    @Override
    public long nanos() { return clock.nanos(); }

    @Override
    public void stopAt(long nanos) { clock.stopAt(nanos); }

    @Override
    public void go() { clock.go(); }

    @Override
    public void follow(LongSupplier instructions) { clock.follow(instructions); }

    @Override
    public void executed(long instructions) {
        clock.executed(instructions);
        executed += instructions;
        if (executed > INSTRUCTIONS_MAX) {
            machine.stop();
        }
    }

    @Override
    public void idleUntil(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            machine.stop();
        } else {
            clock.idleUntil(nanos);
        }
    }
}
