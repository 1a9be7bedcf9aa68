package dev.sojourn.device.rtc;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** An MC146818: time of day, alarm, periodic interrupt and memory. */
public final class Rtc implements PortDevice, Stateful {
    public static final int PORTS = 2;

    static final int BYTES = 128;
    static final int REGISTER_A = 0x0a;
    static final int REGISTER_B = 0x0b;

    private static final int INDEX = 0;
    private static final int DATA = 1;

    private static final int SECONDS_ALARM = 0x01;
    private static final int MINUTES_ALARM = 0x03;
    private static final int HOURS_ALARM = 0x05;
    private static final int REGISTER_C = 0x0c;
    private static final int REGISTER_D = 0x0d;

    private static final int A_UIP = 0x80;
    private static final int A_DIVIDER_RESET = 0x60;
    private static final int B_SET = 0x80;
    private static final int B_PIE = 0x40;
    private static final int B_AIE = 0x20;
    private static final int B_UIE = 0x10;
    private static final int C_IRQF = 0x80;
    private static final int C_PF = 0x40;
    private static final int C_AF = 0x20;
    private static final int C_UF = 0x10;
    private static final int D_VRT = 0x80;

    private static final Frequency CRYSTAL = new Frequency(32_768);
    private static final long SECOND = 1_000_000_000L;
    /** UIP rises this long before an update (MC146818, "Update Cycle"). */
    private static final long UIP_NANOS = 244_000;
    /** The first update comes half a second after the divider is released (MC146818, "Divider Control"). */
    private static final long RELEASE_NANOS = 500_000_000L;
    /** A wall clock that lags the machine's is asked again no sooner than this. */
    private static final long RETRY_NANOS = 1_000;

    private final Alarms alarms;
    private final Alarms.Alarm alarm;
    private final InterruptLine line;
    private final WallClock wall;
    private final byte[] memory = new byte[BYTES];
    private final Calendar calendar = new Calendar(memory);
    private int index;
    private int flags;
    private long offsetSeconds;
    private long offsetNanos;
    private long seenSecond;
    private long seenPeriod;

    /** The guest's time as {@link #sample} found it. */
    private long second;
    private long fraction;

    /** @param line IRQ 8 */
    public Rtc(Alarms alarms, InterruptLine line, WallClock wall) {
        this.alarms = alarms;
        this.line = line;
        this.wall = wall;
        alarm = alarms.alarm(this::update);
        restore(RtcState.POWER_ON);
    }

    public RtcState state() {
        return new RtcState(index, memory, flags, offsetSeconds, offsetNanos, seenSecond, seenPeriod);
    }

    public void restore(RtcState state) {
        load(state);
        sample();
        seenSecond = state.seenSecond() == RtcState.NOT_SEEN ? second : state.seenSecond();
        seenPeriod = state.seenPeriod() == RtcState.NOT_SEEN ? period() : state.seenPeriod();
        update();
    }

    @Override public void save(StateWriter out) { state().save(out); }

    /** What the date outside has to say is seen to when the machine runs, with all of it in place. */
    @Override public void restore(StateReader in) throws BadState {
        load(RtcState.read(in));
        line.set(asserted());
        alarm.at(alarms.clock().nanos());
    }

    private void load(RtcState state) {
        index = state.index();
        System.arraycopy(state.memory(), 0, memory, 0, BYTES);
        flags = state.flags();
        offsetSeconds = state.offsetSeconds();
        offsetNanos = state.offsetNanos();
        seenSecond = state.seenSecond();
        seenPeriod = state.seenPeriod();
    }

    @Override public int in(int offset, int size) {
        return offset == DATA ? read(index) : 0xff;      // The index is write-only.
    }

    @Override public void out(int offset, int size, int value) {
        if (offset == INDEX) {
            index = value & BYTES - 1;      // Bit 7 masks NMI, which nothing here raises.
        } else {
            write(index, value & 0xff);
        }
    }

    private int read(int register) {
        if (Calendar.isTime(register) && !stopped()) {
            sample();
            return calendar.encode(register, second);
        }
        return switch (register) {
            case REGISTER_A -> readA();
            case REGISTER_C -> readC();
            case REGISTER_D -> D_VRT;
            default -> memory[register] & 0xff;
        };
    }

    private int readA() {
        sample();
        boolean updating = !stopped() && fraction >= SECOND - UIP_NANOS;
        return memory[REGISTER_A] & 0xff | (updating ? A_UIP : 0);
    }

    /** Reading register C answers all interrupts. */
    private int readC() {
        update();
        int value = flags | (asserted() ? C_IRQF : 0);
        flags = 0;
        update();
        return value;
    }

    private void write(int register, int value) {
        update();
        if (Calendar.isTime(register)) {
            writeTime(register, value);
        } else if (register == REGISTER_A) {
            control(value & ~A_UIP, memory[REGISTER_B]);
            seenPeriod = period();
        } else if (register == REGISTER_B) {
            // SET holds back updates and ends their interrupt (MC146818, "Register B").
            control(memory[REGISTER_A], (value & B_SET) != 0 ? value & ~B_UIE : value);
        } else if (register != REGISTER_C && register != REGISTER_D) {
            memory[register] = (byte) value;
        }
        update();
    }

    private void writeTime(int register, int value) {
        if (stopped()) {
            memory[register] = (byte) value;
            return;
        }
        sample();
        calendar.store(second);
        memory[register] = (byte) value;
        startAt(calendar.second(), fraction);
    }

    private void control(int a, int b) {
        boolean wasStopped = stopped();
        boolean dividerWasReset = dividerReset();
        sample();
        if (!wasStopped) {
            calendar.store(second);
        }
        memory[REGISTER_A] = (byte) a;
        memory[REGISTER_B] = (byte) b;
        if (wasStopped && !stopped()) {
            startAt(calendar.second(), dividerWasReset ? RELEASE_NANOS : fraction);
        }
    }

    /** Sets the guest's time, without an update or alarm for what it skips. */
    private void startAt(long atSecond, long atFraction) {
        long now = wall.epochNanos();
        long nanos = atFraction - Math.floorMod(now, SECOND);
        offsetSeconds = atSecond - Math.floorDiv(now, SECOND) + Math.floorDiv(nanos, SECOND);
        offsetNanos = Math.floorMod(nanos, SECOND);
        seenSecond = atSecond;
    }

    private void sample() {
        long now = wall.epochNanos();
        long nanos = Math.floorMod(now, SECOND) + offsetNanos;
        second = Math.floorDiv(now, SECOND) + offsetSeconds + nanos / SECOND;
        fraction = nanos % SECOND;
    }

    private boolean stopped() { return (memory[REGISTER_B] & B_SET) != 0 || dividerReset(); }

    private boolean dividerReset() { return (memory[REGISTER_A] & A_DIVIDER_RESET) == A_DIVIDER_RESET; }

    /** Brings the flags up to now, drives the line and sets the alarm for the next flag that is to interrupt. */
    private void update() {
        sample();
        if (!stopped() && second != seenSecond) {
            flags |= C_UF;
            if (second > seenSecond && nextAlarm(seenSecond) <= second) {
                flags |= C_AF;
            }
            seenSecond = second;
        }
        long period = period();
        if (period != seenPeriod) {
            flags |= C_PF;
            seenPeriod = period;
        }
        line.set(asserted());
        alarm.at(nextInterrupt());
    }

    private boolean asserted() { return (flags & memory[REGISTER_B] & (C_PF | C_AF | C_UF)) != 0; }

    private long nextInterrupt() {
        long now = alarms.clock().nanos();
        int wanted = memory[REGISTER_B] & ~flags;
        long next = Alarms.NEVER;
        if ((wanted & B_PIE) != 0 && periodTicks() != 0) {
            next = CRYSTAL.nanosAt((seenPeriod + 1) * periodTicks());
        }
        if (!stopped() && (wanted & B_UIE) != 0) {
            next = Math.min(next, nanosUntil(now, second + 1));
        }
        if (!stopped() && (wanted & B_AIE) != 0) {
            next = Math.min(next, nanosUntil(now, nextAlarm(second)));
        }
        return next;
    }

    private long nanosUntil(long now, long atSecond) {
        if (atSecond == Alarms.NEVER) {
            return Alarms.NEVER;
        }
        return now + Math.max(RETRY_NANOS, (atSecond - second) * SECOND - fraction);
    }

    /** The first second after {@code from} that the alarm registers match; {@link Alarms#NEVER} if none does. */
    private long nextAlarm(long from) {
        return calendar.nextMatch(from, HOURS_ALARM, MINUTES_ALARM, SECONDS_ALARM);
    }

    /** Ticks of the crystal in a period, from the rate selection bits; 0 for none. */
    private int periodTicks() {
        int rate = memory[REGISTER_A] & 0xf;
        if (rate == 0 || dividerReset()) {
            return 0;
        }
        return rate < 3 ? 1 << rate + 6 : 1 << rate - 1;
    }

    private long period() {
        int ticks = periodTicks();
        return ticks == 0 ? 0 : CRYSTAL.ticksAt(alarms.clock().nanos()) / ticks;
    }
}
