package dev.sojourn.migration;

import java.time.Duration;

/**
 * What a migration may cost.
 *
 * @param downtime for which the guest stands still at the most; the migration is cancelled where more is needed
 * @param bytesPerSecond sent while the guest runs, at the most; {@link Long#MAX_VALUE} for no limit
 * @param total time until the guest is paused; the migration is cancelled where more is needed
 */
public record Limits(Duration downtime, long bytesPerSecond, Duration total) {
    public static final Limits DEFAULT = new Limits(Duration.ofMillis(300), Long.MAX_VALUE, Duration.ofMinutes(10));

    public Limits {
        if (!downtime.isPositive() || bytesPerSecond < 1 || !total.isPositive()) {
            throw new IllegalArgumentException("Limits must be more than nothing");
        }
    }
}
