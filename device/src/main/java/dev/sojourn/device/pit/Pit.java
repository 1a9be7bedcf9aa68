package dev.sojourn.device.pit;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.List;

/** The 8254: three counters and their control word. */
public final class Pit implements PortDevice, Stateful {
    public static final Frequency FREQUENCY = new Frequency(1_193_182);
    public static final int PORTS = 4;

    /** A shorter period is told less often, or a guest could keep its host busy with alarms alone. */
    static final long PERIOD_NANOS_MIN = 10_000;

    private static final int CONTROL = 3;
    private static final int READ_BACK = 3;
    private static final int SPEAKER = 2;

    private final Alarms alarms;
    private final Alarms.Alarm alarm;
    private final InterruptLine line;
    private final List<Counter> counters;
    private final SpeakerPort speakerPort = new SpeakerPort();

    /** @param line IRQ 0 */
    public Pit(Alarms alarms, InterruptLine line) {
        this.alarms = alarms;
        this.line = line;
        alarm = alarms.alarm(this::rise);
        counters = PitState.POWER_ON.counters().stream().map(Counter::new).toList();
        restore(PitState.POWER_ON);
    }

    public PitState state() {
        return new PitState(counters.stream().map(Counter::state).toList(), speakerPort.control);
    }

    public void restore(PitState state) {
        for (int i = 0; i < counters.size(); i++) {
            counters.get(i).restore(state.counters().get(i));
        }
        speakerPort.control = state.control();
        line.set(counters.getFirst().rests(now()));
        arm(0);
    }

    @Override public void save(StateWriter out) {
        state().save(out);
        out.number("alarm", alarm.nanos());
    }

    @Override public void restore(StateReader in) throws BadState {
        restore(PitState.read(in));
        alarm.at(in.number("alarm"));
    }

    /** Port 0x61: gate and output of counter 2, and the refresh signal. */
    public PortDevice speakerPort() { return speakerPort; }

    @Override public int in(int offset, int size) {
        return offset == CONTROL ? 0xff : counters.get(offset).read(now());     // The control word is write-only.
    }

    @Override public void out(int offset, int size, int value) {
        long now = now();
        int data = value & 0xff;
        if (offset == CONTROL) {
            control(now, data);
        } else {
            counters.get(offset).write(now, data);
            programmed(offset, now);
        }
    }

    private void control(long now, int data) {
        int select = data >> 6;
        if (select == READ_BACK) {
            readBack(now, data);
            return;
        }
        Counter counter = counters.get(select);
        int access = data >> 4 & 3;
        if (access == 0) {
            counter.latchCount(now);
        } else {
            counter.control(access, data >> 1 & 7, (data & 1) != 0);
            programmed(select, now);
        }
    }

    /** Only what is written to counter 0 moves its alarm: an edge that is due must not be lost to another access. */
    private void programmed(int counter, long now) {
        if (counter == 0) {
            line.set(counters.getFirst().rests(now));
            arm(0);
        }
    }

    /** Bits 5 and 4 are active low: count, status. */
    private void readBack(long now, int data) {
        for (int i = 0; i < counters.size(); i++) {
            if ((data & 2 << i) == 0) {
                continue;
            }
            if ((data & 0x20) == 0) {
                counters.get(i).latchCount(now);
            }
            if ((data & 0x10) == 0) {
                counters.get(i).latchStatus(now);
            }
        }
    }

    /** The output of counter 0 has risen; edges that passed unseen are one. */
    private void rise() {
        line.set(false);
        line.set(true);
        arm(alarms.clock().nanos() + PERIOD_NANOS_MIN);
    }

    private void arm(long earliest) {
        long tick = counters.getFirst().nextRise(now());
        alarm.at(tick == Alarms.NEVER ? Alarms.NEVER : Math.max(earliest, FREQUENCY.nanosAt(tick)));
    }

    private long now() { return FREQUENCY.ticksAt(alarms.clock().nanos()); }

    /** Port 0x61 of a PC ("NMI status and control"). */
    private final class SpeakerPort implements PortDevice {
        private static final int GATE = 0x01;
        private static final int REFRESH = 0x10;
        private static final int OUTPUT = 0x20;
        /** Half the period of the DRAM refresh request. */
        private static final long REFRESH_NANOS = 15_085;

        private int control;

        @Override public int in(int offset, int size) {
            long now = now();
            boolean refresh = (alarms.clock().nanos() / REFRESH_NANOS & 1) != 0;
            return control | (refresh ? REFRESH : 0) | (counters.get(SPEAKER).output(now) ? OUTPUT : 0);
        }

        @Override public void out(int offset, int size, int value) {
            control = value & 0xf;
            counters.get(SPEAKER).gate(now(), (control & GATE) != 0);
        }
    }
}
