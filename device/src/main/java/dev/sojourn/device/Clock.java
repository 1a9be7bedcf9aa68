package dev.sojourn.device;

/** The time a machine lives in: monotonic, from 0 at power-on. Real time for users, a virtual clock for tests. */
public interface Clock {
    /** Nanoseconds since power-on. */
    long nanos();
}
