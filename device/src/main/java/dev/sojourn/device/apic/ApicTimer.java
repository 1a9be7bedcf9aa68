package dev.sojourn.device.apic;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.Frequency;

/**
 * The timer of a local APIC: one-shot, periodic and TSC-deadline.
 *
 * <p>Nothing counts: the tick at which the count reaches zero is known, and the current count is the distance to it.
 */
final class ApicTimer {
    /** A shorter period is told less often, or a guest could keep its host busy with alarms alone. */
    static final long PERIOD_NANOS_MIN = 10_000;

    private static final int MODE_ONE_SHOT = 0;
    private static final int MODE_PERIODIC = 1;
    private static final int MODE_DEADLINE = 2;

    private final Frequency frequency;
    private final TimeStampCounter tsc;
    private final Alarms alarms;
    private final Alarms.Alarm alarm;
    private final Runnable interrupt;

    private int mode;
    private int divide;
    private int initialCount;
    private long expiry = Alarms.NEVER;
    private long deadline;

    ApicTimer(Frequency frequency, TimeStampCounter tsc, Alarms alarms, Runnable interrupt) {
        this.frequency = frequency;
        this.tsc = tsc;
        this.alarms = alarms;
        this.interrupt = interrupt;
        alarm = alarms.alarm(this::due);
    }

    void restore(int mode, int divide, int initialCount, long expiry, long deadline) {
        this.mode = mode;
        this.divide = divide;
        this.initialCount = initialCount;
        this.expiry = expiry;
        this.deadline = mode == MODE_DEADLINE ? deadline : 0;
        arm(0);
    }

    /** When it looks at the clock next. */
    long dueAt() { return alarm.nanos(); }

    /** An expiry that has come, and was not seen to yet, is not to be passed over. */
    void dueAt(long nanos) { alarm.at(nanos); }

    /** Bits 18 and 17 of the LVT entry. A change to or from TSC-deadline disarms; 3 is reserved and never fires. */
    void mode(int mode) {
        boolean counted = this.mode <= MODE_PERIODIC;
        if (counted != mode <= MODE_PERIODIC || this.mode != mode && !counted) {
            expiry = Alarms.NEVER;
            deadline = 0;
        }
        this.mode = mode;
        arm(0);
    }

    int divide() { return divide; }

    /** The divide configuration register: bits 3, 1 and 0. The count goes on from where it is. */
    void divide(int value) {
        long count = Integer.toUnsignedLong(currentCount());
        divide = value & 0xb;
        if (expiry != Alarms.NEVER && count != 0) {
            expiry = now() + count * divisor();
        }
        arm(0);
    }

    int initialCount() { return initialCount; }

    void initialCount(int value) {
        if (mode == MODE_DEADLINE) {
            return;
        }
        initialCount = value;
        expiry = value == 0 ? Alarms.NEVER : now() + period();
        arm(0);
    }

    int currentCount() {
        if (expiry == Alarms.NEVER) {
            return 0;
        }
        long left = expiry - now();
        if (left <= 0) {
            if (mode != MODE_PERIODIC || initialCount == 0) {
                return 0;
            }
            left = period() - -left % period();
        }
        return (int) Math.ceilDiv(left, (long) divisor());
    }

    long expiry() { return expiry; }

    long deadline() { return deadline; }

    void deadline(long value) {
        if (mode == MODE_DEADLINE) {
            deadline = value;
            arm(0);
        }
    }

    /** The time-stamp counter was set: the deadline is now at another time. */
    void tscChanged() { arm(0); }

    private void due() {
        long nanos = alarms.clock().nanos();
        if (mode == MODE_DEADLINE) {
            if (deadline == 0 || Long.compareUnsigned(tsc.ticksAt(nanos), deadline) < 0) {
                arm(nanos + 1);
                return;
            }
            deadline = 0;
            interrupt.run();
            return;
        }
        if (mode > MODE_DEADLINE || expiry == Alarms.NEVER || expiry > now()) {
            arm(nanos + 1);
            return;
        }
        if (mode == MODE_ONE_SHOT || initialCount == 0) {
            expiry = Alarms.NEVER;
        } else {
            expiry += ((now() - expiry) / period() + 1) * period();
        }
        interrupt.run();
        arm(nanos + PERIOD_NANOS_MIN);
    }

    private void arm(long earliest) {
        if (mode == MODE_DEADLINE) {
            alarm.at(deadline == 0 ? Alarms.NEVER : Math.max(earliest, tsc.nanosAt(deadline)));
        } else if (mode > MODE_DEADLINE || expiry == Alarms.NEVER) {
            alarm.cancel();
        } else {
            alarm.at(Math.max(earliest, frequency.nanosAt(expiry)));
        }
    }

    private long period() { return Integer.toUnsignedLong(initialCount) * divisor(); }

    /** Volume 3, "Divide Configuration Register": 2, 4, 8, 16, 32, 64, 128, 1. */
    private int divisor() { return 1 << ((divide >> 1 & 4 | divide & 3) + 1 & 7); }

    private long now() { return frequency.ticksAt(alarms.clock().nanos()); }
}
