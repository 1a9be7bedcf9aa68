package dev.sojourn.interfaces.vmi;

import java.util.List;
import java.util.Optional;

/**
 * What a machine's interface holds. Updates of page tables that wait are no part of it: they are done before it is taken.
 *
 * @param active whether the ROM was initialised
 */
record State(boolean active, List<OfProcessor> processors) {
    /**
     * What one processor holds.
     *
     * @param stolenNanos how long it waited for its turn
     * @param real the alarm of the counter that always runs
     * @param available the alarm of the one that stops while the processor waits
     * @param prepared what it shall start with
     */
    record OfProcessor(long stolenNanos, int lazyMode, Alarm real, Alarm available, Optional<ApState> prepared) {
        static final OfProcessor POWER_ON = new OfProcessor(0, 0, Alarm.UNSET, Alarm.UNSET, Optional.empty());
    }

    /**
     * An alarm as its call gave it, its expiry that of the next one.
     *
     * @param expiry a value of its counter
     * @param period 0 for an alarm that comes once
     */
    record Alarm(boolean isSet, int flags, long expiry, long period) {
        static final Alarm UNSET = new Alarm(false, 0, 0, 0);
    }
}
