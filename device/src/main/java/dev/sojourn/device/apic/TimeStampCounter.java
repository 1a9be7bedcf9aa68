package dev.sojourn.device.apic;

/** A processor's time-stamp counter as its APIC timer sees it: {@code nanos * hertz / 10^9 + offset}. */
public interface TimeStampCounter {
    /** The counter at a time of the machine's clock; unsigned. */
    long ticksAt(long nanos);

    /** The first time at which the counter has reached a value: in the past if it has, Long.MAX_VALUE if never. */
    long nanosAt(long ticks);
}
