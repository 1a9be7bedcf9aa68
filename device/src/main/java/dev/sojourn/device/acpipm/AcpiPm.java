package dev.sojourn.device.acpipm;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** Power management events, control and timer of ACPI. */
public final class AcpiPm implements PortDevice, Stateful {
    public static final Frequency FREQUENCY = new Frequency(3_579_545);
    public static final int PORTS = 12;
    /** The SLP_TYP that the tables must name as \_S5. */
    public static final int SLP_TYP_S5 = 5;

    static final int SCI_EN = 1;
    static final int STATUS_BITS = 0x8731;
    static final int ENABLE_BITS = 0x0721;
    static final int CONTROL_BITS = 0x1c07;

    private static final int PM1_STS = 0;
    private static final int PM1_EN = 2;
    private static final int PM1_CNT = 4;
    private static final int PM_TMR = 8;

    private static final int TMR = 1;
    private static final int PWRBTN = 1 << 8;
    private static final int SLP_TYP_SHIFT = 10;
    private static final int SLP_EN = 1 << 13;
    private static final int CARRY_BIT = 31;

    private final Alarms alarms;
    private final Alarms.Alarm alarm;
    private final InterruptLine sci;
    private final PowerControl power;
    private final ResetRegister resetRegister = new ResetRegister();

    private int status;
    private int enable;
    private int control;
    private long carries;

    /** @param sci the system control interrupt, level-triggered */
    public AcpiPm(Alarms alarms, InterruptLine sci, PowerControl power) {
        this.alarms = alarms;
        this.sci = sci;
        this.power = power;
        alarm = alarms.alarm(this::update);
        restore(AcpiPmState.POWER_ON);
    }

    public AcpiPmState state() { return new AcpiPmState(status, enable, control, carries, resetRegister.value); }

    public void restore(AcpiPmState state) {
        status = state.status();
        enable = state.enable();
        control = state.control();
        carries = state.carries();
        resetRegister.value = state.resetControl();
        update();
    }

    @Override public void save(StateWriter out) {
        state().save(out);
        out.number("alarm", alarm.nanos());
    }

    @Override public void restore(StateReader in) throws BadState {
        restore(AcpiPmState.read(in));
        alarm.at(in.number("alarm"));
    }

    /** The user presses the power button: a guest that listens shuts down. */
    public void pressPowerButton() {
        status |= PWRBTN;
        update();
    }

    /** Port 0xcf9, eight bits wide. */
    public PortDevice resetRegister() { return resetRegister; }

    @Override public int in(int offset, int size) {
        if (offset < PM_TMR) {
            update();
        }
        int value = 0;
        int timer = (int) ticks();
        for (int i = 0; i < size; i++) {
            value |= readByte(offset + i, timer) << 8 * i;
        }
        return value;
    }

    @Override public void out(int offset, int size, int value) {
        update();
        int sleep = 0;
        for (int i = 0; i < size; i++) {
            sleep |= writeByte(offset + i, value >>> 8 * i & 0xff);
        }
        update();
        if ((sleep & SLP_EN) != 0 && control >> SLP_TYP_SHIFT == SLP_TYP_S5) {
            power.powerOff();
        }
    }

    private int readByte(int offset, int timer) {
        int shift = 8 * (offset & 1);
        return switch (offset & ~1) {
            case PM1_STS -> status >> shift & 0xff;
            case PM1_EN -> enable >> shift & 0xff;
            case PM1_CNT -> control >> shift & 0xff;
            case PM_TMR, PM_TMR + 2 -> timer >>> 8 * (offset - PM_TMR) & 0xff;
            default -> 0xff;
        };
    }

    /** Gives SLP_EN if the byte sets it: it acts when written and reads as 0. */
    private int writeByte(int offset, int value) {
        int shift = 8 * (offset & 1);
        int bits = value << shift;
        int others = 0xff00 >> shift;
        switch (offset & ~1) {
            case PM1_STS -> status &= ~bits;     // Written ones clear.
            case PM1_EN -> enable = enable & others | bits & ENABLE_BITS;
            case PM1_CNT -> {
                control = control & others | bits & CONTROL_BITS | SCI_EN;
                return bits & SLP_EN;
            }
            default -> { }
        }
        return 0;
    }

    /** Brings TMR_STS up to date, which each change of the timer's highest bit sets, and then the interrupt. */
    private void update() {
        long now = ticks() >>> CARRY_BIT;
        if (now != carries) {
            carries = now;
            status |= TMR;
        }
        sci.set((status & enable) != 0);
        boolean wanted = (enable & TMR) != 0 && (status & TMR) == 0;
        alarm.at(wanted ? FREQUENCY.nanosAt(now + 1 << CARRY_BIT) : Alarms.NEVER);
    }

    private long ticks() { return FREQUENCY.ticksAt(alarms.clock().nanos()); }

    /** The reset control register of the PC's south bridge: a rise of RST_CPU resets. */
    private final class ResetRegister implements PortDevice {
        private static final int SYS_RST = 0x02;
        private static final int RST_CPU = 0x04;
        private static final int FULL_RST = 0x08;

        private int value;

        @Override public int in(int offset, int size) { return value; }

        @Override public void out(int offset, int size, int data) {
            boolean rises = (data & ~value & RST_CPU) != 0;
            value = data & (SYS_RST | RST_CPU | FULL_RST);
            if (rises) {
                power.reset();
            }
        }
    }
}
