package dev.sojourn.machine;

import java.util.concurrent.locks.LockSupport;

/** Real time, from its making, less the time it was stopped. */
public final class RealClock implements MachineClock {
    private static final long MOVING = -1;

    private long start = System.nanoTime();
    private long stoppedAt = MOVING;

    @Override
    public long nanos() { return stoppedAt == MOVING ? System.nanoTime() - start : stoppedAt; }

    @Override
    public void idleUntil(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos - nanos());
        }
    }

    @Override
    public void stopAt(long nanos) { stoppedAt = nanos; }

    @Override
    public void go() {
        start = System.nanoTime() - stoppedAt;
        stoppedAt = MOVING;
    }
}
