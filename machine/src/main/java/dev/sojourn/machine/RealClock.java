package dev.sojourn.machine;

import java.util.concurrent.locks.LockSupport;

/** Real time, from its making. */
public final class RealClock implements MachineClock {
    private final long start = System.nanoTime();

    @Override
    public long nanos() { return System.nanoTime() - start; }

    @Override
    public void idleUntil(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos - nanos());
        }
    }
}
