package dev.sojourn.device.rtc;

/** The date and time outside the machine: a named input, so that a run can be recorded and repeated. */
public interface WallClock {
    /** Nanoseconds since 1970-01-01T00:00Z; may jump either way. */
    long epochNanos();
}
