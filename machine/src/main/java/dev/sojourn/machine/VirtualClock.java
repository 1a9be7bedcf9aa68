package dev.sojourn.machine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Time that passes by instructions executed, exact at each of them, and leaps over idleness: a run repeats exactly. */
public final class VirtualClock implements MachineClock {
    private static final long MOVING = -1;

    private final long nanosPerThousand;
    private LongSupplier executed = () -> 0;
    private long leapt;
    private long stoppedAt = MOVING;

    /** @param nanosPerThousand how long a thousand instructions take */
    public VirtualClock(long nanosPerThousand) { this.nanosPerThousand = nanosPerThousand; }

    @Override
    public long nanos() { return stoppedAt == MOVING ? leapt + passed() : stoppedAt; }

    private long passed() {
        long instructions = executed.getAsLong();
        return instructions / 1000 * nanosPerThousand + instructions % 1000 * nanosPerThousand / 1000;
    }

    @Override
    public void follow(LongSupplier executed) { this.executed = executed; }

    @Override
    public boolean repeats() { return true; }

    @Override
    public void idleUntil(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            leapt += Math.max(0, nanos - nanos());
        }
    }

    @Override
    public void stopAt(long nanos) { stoppedAt = nanos; }

    @Override
    public void go() {
        leapt = stoppedAt - passed();
        stoppedAt = MOVING;
    }
}
