package dev.sojourn.interfaces.hyperv;

import dev.sojourn.device.Alarms;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One of a processor's four timers (TLFS 12.3): expires by a message, or by an interrupt of its own. */
final class SyntheticTimer {
    private static final long ENABLED = 1;
    private static final long PERIODIC = 1 << 1;
    private static final long AUTO_ENABLE = 1 << 3;
    private static final long DIRECT = 1 << 12;
    private static final long CONFIG_BITS = 0xf_1fff;
    private static final int VECTOR_MIN = 16;
    private static final int EXPIRED = 0x8000_0010;
    private static final int PAYLOAD_BYTES = 24;

    private final int number;
    private final Clock clock;
    private final SyntheticInterrupts interrupts;
    private final Alarms.Alarm alarm;
    private long config;
    private long count;
    private long expiry;
    private boolean pending;

    SyntheticTimer(int number, Clock clock, SyntheticInterrupts interrupts, Alarms alarms) {
        this.number = number;
        this.clock = clock;
        this.interrupts = interrupts;
        alarm = alarms.alarm(this::expired);
    }

    State.Timer state() { return new State.Timer(config, count, expiry, pending); }

    void restore(State.Timer state) {
        config = state.config();
        count = state.count();
        expiry = state.expiry();
        pending = state.pending();
        arm();
    }

    long dueAt() { return alarm.nanos(); }

    void dueAt(long nanos) { alarm.at(nanos); }

    long config() { return config; }

    long count() { return count; }

    /** Does not start where it could not tell anybody. */
    void config(long value) {
        config = value & CONFIG_BITS;
        boolean heard = isDirect() ? vector() >= VECTOR_MIN : source() != 0;
        if (!heard) {
            config &= ~ENABLED;
        }
        start();
    }

    void count(long value) {
        count = value;
        if (value == 0) {
            config &= ~ENABLED;
        } else if ((config & AUTO_ENABLE) != 0) {
            config |= ENABLED;
        }
        start();
    }

    private boolean isDirect() { return (config & DIRECT) != 0; }

    private boolean isPeriodic() { return (config & PERIODIC) != 0; }

    private int vector() { return (int) config >>> 4 & 0xff; }

    private int source() { return (int) config >>> 16 & 0xf; }

    private boolean runs() { return (config & ENABLED) != 0 && count != 0; }

    private void start() {
        pending = false;
        expiry = isPeriodic() ? later(clock.time(), count) : count;
        arm();
    }

    /** The sum; the end of time where it does not fit. */
    private static long later(long time, long units) {
        return units < 0 || units > Long.MAX_VALUE - time ? Long.MAX_VALUE : time + units;
    }

    private void arm() {
        if (!runs() || pending || expiry < 0 || expiry > Long.MAX_VALUE / Clock.NANOS) {
            alarm.cancel();
        } else {
            alarm.at(expiry * Clock.NANOS);
        }
    }

    private void expired() {
        pending = true;
        retry();
    }

    /** Delivers an expiry that waits. */
    void retry() {
        if (!pending || !deliver()) {
            return;
        }
        pending = false;
        if (isPeriodic()) {
            long late = Math.max(0, clock.time() - expiry);
            expiry = later(expiry + late - late % count, count);
            arm();
        } else {
            config &= ~ENABLED;
        }
    }

    private boolean deliver() {
        if (isDirect()) {
            interrupts.interrupt(vector());
            return true;
        }
        ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        payload.putInt(0, number).putLong(8, expiry).putLong(16, clock.time());
        return interrupts.post(source(), EXPIRED, payload.array());
    }
}
