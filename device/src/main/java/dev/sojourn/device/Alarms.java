package dev.sojourn.device;

import java.util.Arrays;

/**
 * The alarms of one machine: what is to run when its clock reaches a time.
 *
 * <p>A device takes its alarms when it is built and sets them as its registers demand. The machine runs what is due between
 * guest instructions and sleeps until {@link #next} when every processor is idle.
 */
public final class Alarms {
    /** The time of an alarm that is not set. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private Alarm[] alarms = {};
    private long next = NEVER;

    public Alarms(Clock clock) { this.clock = clock; }

    public Clock clock() { return clock; }

    /** A new alarm, not set. */
    public Alarm alarm(Runnable action) {
        Alarm alarm = new Alarm(action);
        alarms = Arrays.copyOf(alarms, alarms.length + 1);
        alarms[alarms.length - 1] = alarm;
        return alarm;
    }

    /** When the first alarm is due, in the clock's nanoseconds; {@link #NEVER} if none is set. */
    public long next() { return next; }

    /** Runs each alarm that is due, once; an action may set its alarm again. */
    public void runDue() {
        long now = clock.nanos();
        if (now < next) {
            return;
        }
        for (Alarm alarm : alarms) {
            if (alarm.nanos <= now) {
                alarm.nanos = NEVER;
                alarm.action.run();
            }
        }
        recompute();
    }

    private void recompute() {
        long first = NEVER;
        for (Alarm alarm : alarms) {
            first = Math.min(first, alarm.nanos);
        }
        next = first;
    }

    /** One alarm of one device. */
    public final class Alarm {
        private final Runnable action;
        private long nanos = NEVER;

        private Alarm(Runnable action) { this.action = action; }

        /** Sets it to a time of the clock; one in the past is due at once. */
        public void at(long nanos) {
            this.nanos = nanos;
            recompute();
        }

        public void cancel() { at(NEVER); }

        /** When it is due; {@link #NEVER} if it is not set. */
        public long nanos() { return nanos; }
    }
}
