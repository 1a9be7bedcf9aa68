package dev.sojourn.interfaces.vmi;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Optional;

/**
 * What one processor holds. Translations that wait to be dropped are no part of it: a restored processor has none.
 *
 * @param stolenNanos how long it waited for its turn
 * @param waitsSince since when it waits for the next one, if it does
 * @param real the alarm of the counter that always runs
 * @param available the alarm of the one that stops while the processor waits
 * @param prepared what it shall start with
 */
record State(long stolenNanos, Optional<Long> waitsSince, int lazyMode, Alarm real, Alarm available, Optional<ApState> prepared) {
    static final State POWER_ON = new State(0, Optional.empty(), 0, Alarm.UNSET, Alarm.UNSET, Optional.empty());

    /**
     * An alarm as its call gave it, its expiry that of the next one.
     *
     * @param expiry a value of its counter
     * @param period 0 for an alarm that comes once
     * @param earliest it comes no sooner, in nanoseconds of the machine's clock
     */
    record Alarm(boolean isSet, int flags, long expiry, long period, long earliest) {
        static final Alarm UNSET = new Alarm(false, 0, 0, 0, 0);

        private void save(StateWriter out) {
            out.flag("set", isSet).number("flags", flags).number("expiry", expiry).number("period", period).number("earliest", earliest);
        }

        private static Alarm read(StateReader in) throws BadState {
            return new Alarm(in.flag("set"), in.number32("flags"), in.number("expiry"), in.number("period"), in.number("earliest"));
        }
    }

    void save(StateWriter out) {
        out.number("stolen-nanos", stolenNanos).number("lazy-mode", lazyMode).group("real", real::save).group("available", available::save);
        out.flag("waits", waitsSince.isPresent()).number("waits-since", waitsSince.orElse(0L));
        out.flag("prepared", prepared.isPresent()).numbers("start", prepared.map(ApState::words).orElse(new int[ApState.WORDS]));
    }

    static State read(StateReader in) throws BadState {
        long since = in.number("waits-since");
        int[] words = in.ints("start", ApState.WORDS);
        return new State(in.number("stolen-nanos"), in.flag("waits") ? Optional.of(since) : Optional.empty(), in.number32("lazy-mode"),
                Alarm.read(in.group("real")), Alarm.read(in.group("available")),
                in.flag("prepared") ? Optional.of(new ApState(words)) : Optional.empty());
    }
}
