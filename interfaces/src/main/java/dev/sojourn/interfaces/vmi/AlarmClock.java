package dev.sojourn.interfaces.vmi;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;

/** The alarm of one counter of one processor: an edge on the timer's line, or the interrupt of the local APIC's timer entry. */
final class AlarmClock {
    static final int COUNTER = 0xff;
    private static final int PERIODIC = 1 << 8;
    private static final int WIRED_LVTT = 1 << 16;

    private static final int LVT_TIMER = 0x320;
    private static final int LVT_MASKED = 1 << 16;
    private static final int VECTOR = 0xff;
    /** Alarms of one clock follow each other no closer: a guest cannot keep its machine busy with nothing else. */
    private static final long INTERVAL_NANOS_MIN = 10_000;

    private final VmiGuest guest;
    private final MachineOps machine;
    private final ProcessorOps processor;
    private final Counters counters;
    private final int counter;
    private final Alarms.Alarm alarm;
    private State.Alarm set = State.Alarm.UNSET;

    AlarmClock(VmiGuest guest, ProcessorOps processor, Counters counters, int counter) {
        this.guest = guest;
        machine = guest.machine;
        this.processor = processor;
        this.counters = counters;
        this.counter = counter;
        alarm = machine.alarms().alarm(this::due);
    }

    State.Alarm state() { return set; }

    void restore(State.Alarm state) {
        set = state;
        arm();
    }

    /** As cancelling and setting. */
    void set(int flags, long expiry, long period) {
        set = new State.Alarm(true, flags, expiry, (flags & PERIODIC) != 0 ? period : 0, 0);
        arm();
    }

    /** @return whether it was set */
    boolean cancel() {
        boolean was = set.isSet();
        set = State.Alarm.UNSET;
        alarm.cancel();
        return was;
    }

    private void arm() {
        if (!set.isSet() || set.expiry() < 0) {
            alarm.cancel();
        } else {
            alarm.at(Math.max(set.earliest(), counters.nanosAt(counter, set.expiry())));
        }
    }

    private void due() {
        long now = counters.read(counter);
        if (now < set.expiry()) {
            arm();
            return;
        }
        deliver();
        set = set.period() > 0 ? next(now) : State.Alarm.UNSET;
        arm();
    }

    /** The first member of the series that lies ahead; what was missed is one. */
    private State.Alarm next(long now) {
        long period = set.period();
        long expiry = set.expiry() + ((now - set.expiry()) / period + 1) * period;
        return new State.Alarm(true, set.flags(), expiry, period, machine.nanos() + INTERVAL_NANOS_MIN);
    }

    private void deliver() {
        if ((set.flags() & WIRED_LVTT) == 0) {
            guest.timerEdge();
            return;
        }
        int entry = (int) processor.apic().read(LVT_TIMER, 4);
        if ((entry & LVT_MASKED) == 0) {
            machine.bus().send(DeliveryMode.FIXED, entry & VECTOR, false, processor.cpu().id, false);
        }
    }
}
