package dev.sojourn.migration;

import java.util.concurrent.locks.LockSupport;

/** Holds a thread back so that it sends no more than so many bytes a second. */
final class Throttle {
    private static final double NANOS = 1e9;

    private final long bytesPerSecond;
    private long free = System.nanoTime();

    Throttle(long bytesPerSecond) { this.bytesPerSecond = bytesPerSecond; }

    void sent(long bytes) {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return;
        }
        long now = System.nanoTime();
        free = Math.max(free, now) + (long) (bytes * NANOS / bytesPerSecond);
        while (free > now) {
            LockSupport.parkNanos(free - now);
            now = System.nanoTime();
        }
    }
}
