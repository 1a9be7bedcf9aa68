package dev.sojourn.machine;

import dev.sojourn.device.Clock;

/** The time a machine lives in, with a way to wait for it. */
public interface MachineClock extends Clock {
    /** Tells that so many guest instructions were executed. */
    void executed(long instructions);

    /** Every processor is idle: waits until a time, or until the thread is unparked. */
    void idleUntil(long nanos);
}
