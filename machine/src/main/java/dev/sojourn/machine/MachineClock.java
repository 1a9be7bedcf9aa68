package dev.sojourn.machine;

import dev.sojourn.device.Clock;
import java.util.function.LongSupplier;

/** The time a machine lives in, with ways to wait for it and to stop it. */
public interface MachineClock extends Clock {
    /** Tells, before a machine runs, how to learn the number of instructions all its processors have executed so far. */
    default void follow(LongSupplier executed) {}

    /** Tells that so many guest instructions were executed, in a turn that is over. */
    default void executed(long instructions) {}

    /** Whether a run is to repeat exactly: devices then do their work at once. */
    default boolean repeats() { return false; }

    /** Every processor is idle: waits until a time, or until the thread is unparked. */
    void idleUntil(long nanos);

    /** Shows this time, and does not move on until {@link #go}: the machine stands still, or is being restored. */
    void stopAt(long nanos);

    /** Moves on from the time shown. */
    void go();
}
