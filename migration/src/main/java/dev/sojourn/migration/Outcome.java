package dev.sojourn.migration;

import dev.sojourn.migration.handover.SourceState;
import java.time.Duration;

/**
 * How a migration ended, or where it waits for an operator.
 *
 * @param reason a sentence that says why, if the guest did not move
 * @param rounds of copying before the pause
 * @param sentBytes by the connection that carried the guest
 * @param downtime from the pause until the target said that it runs, or until it ran here again; zero if it was never paused
 */
public record Outcome(SourceState state, String reason, int rounds, long sentBytes, Duration downtime) {
    public boolean moved() { return state == SourceState.MOVED; }
}
