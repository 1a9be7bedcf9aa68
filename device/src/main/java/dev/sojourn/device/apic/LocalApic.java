package dev.sojourn.device.apic;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.MemoryDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import static dev.sojourn.device.apic.LocalApicState.LVT_MASKED;

/** The local APIC of one processor, as a page of memory and as the processor's own side of it. */
public final class LocalApic implements MemoryDevice, Stateful {
    /** Size of the register page. */
    public static final int BYTES = 0x1000;

    private static final int ID = 0x20;
    private static final int VERSION = 0x30;
    private static final int TPR = 0x80;
    private static final int APR = 0x90;
    private static final int PPR = 0xa0;
    private static final int EOI = 0xb0;
    private static final int RRD = 0xc0;
    private static final int LDR = 0xd0;
    private static final int DFR = 0xe0;
    private static final int SVR = 0xf0;
    private static final int ISR = 0x100;
    private static final int TMR = 0x180;
    private static final int IRR = 0x200;
    private static final int ESR = 0x280;
    private static final int ICR_LOW = 0x300;
    private static final int ICR_HIGH = 0x310;
    private static final int LVT_TIMER = 0x320;
    private static final int LVT_ERROR = 0x370;
    private static final int INITIAL_COUNT = 0x380;
    private static final int CURRENT_COUNT = 0x390;
    private static final int DIVIDE = 0x3e0;

    /** Integrated APIC with six LVT entries. */
    private static final int VERSION_VALUE = 0x0005_0014;

    private static final int TIMER = 0;
    private static final int LINT0 = 3;
    private static final int LINT1 = 4;
    private static final int ERROR = 5;

    private static final int LVT_DELIVERY_MODE = 7 << 8;
    private static final int LVT_REMOTE_IRR = 1 << 14;
    private static final int LVT_LEVEL = 1 << 15;

    private static final int SVR_ENABLED = 1 << 8;
    private static final int SVR_WRITABLE = 0x3ff;

    private static final int ESR_SEND_ILLEGAL_VECTOR = 1 << 5;
    private static final int ESR_RECEIVED_ILLEGAL_VECTOR = 1 << 6;
    private static final int ESR_ILLEGAL_REGISTER = 1 << 7;

    private static final int ICR_LOGICAL = 1 << 11;
    private static final int ICR_ASSERT = 1 << 14;
    private static final int ICR_LEVEL = 1 << 15;
    private static final int ICR_WRITABLE = 0xccfff;

    private static final long BASE_BSP = 1 << 8;
    private static final long BASE_ENABLED = 1 << 11;
    private static final long BASE_PAGE = 0xf_ffff_ffff_f000L;

    /** The lowest vector an interrupt may have. */
    private static final int VECTOR_MIN = 16;

    private final int id;
    private final boolean bootProcessor;
    private final ApicBus bus;
    private final ProcessorSignals signals;
    private final ApicTimer timer;

    private final Vectors isr = new Vectors();
    private final Vectors tmr = new Vectors();
    private final Vectors irr = new Vectors();
    private final int[] lvt = new int[6];
    private boolean enabled;
    private long base;
    private int tpr;
    private int ldr;
    private int dfr;
    private int svr;
    private int errors;
    private int newErrors;
    private int icrLow;
    private int icrHigh;
    private boolean lint0;
    private boolean lint1;
    private boolean external;
    private int ppr;
    private boolean ready;

    /**
     * @param id 0 to 254
     * @param frequency of the timer's clock before the divider
     * @param tsc of this processor, for TSC-deadline mode
     */
    public LocalApic(int id, boolean bootProcessor, ApicBus bus, Alarms alarms, Frequency frequency,
            TimeStampCounter tsc, ProcessorSignals signals) {
        if (id < 0 || id >= ApicBus.BROADCAST) {
            throw new IllegalArgumentException("No APIC id " + id);
        }
        this.id = id;
        this.bootProcessor = bootProcessor;
        this.bus = bus;
        this.signals = signals;
        timer = new ApicTimer(frequency, tsc, alarms, () -> localInterrupt(TIMER));
        restore(LocalApicState.POWER_ON);
        bus.join(this);
    }

    public LocalApicState state() {
        return new LocalApicState(enabled, base, tpr, ldr, dfr, svr, isr.words(), tmr.words(), irr.words(), errors,
                newErrors, icrLow, icrHigh, lvt, timer.initialCount(), timer.divide(), timer.expiry(), timer.deadline(),
                lint0, lint1, external);
    }

    public void restore(LocalApicState state) {
        enabled = state.enabled();
        base = state.base();
        tpr = state.tpr();
        ldr = state.ldr();
        dfr = state.dfr();
        svr = state.svr();
        isr.load(state.isr());
        tmr.load(state.tmr());
        irr.load(state.irr());
        errors = state.errors();
        newErrors = state.newErrors();
        icrLow = state.icrLow();
        icrHigh = state.icrHigh();
        System.arraycopy(state.lvt(), 0, lvt, 0, lvt.length);
        lint0 = state.lint0();
        lint1 = state.lint1();
        external = state.external();
        timer.restore(timerMode(), state.divide(), state.initialCount(), state.expiry(), state.deadline());
        update();
    }

    @Override public void save(StateWriter out) {
        state().save(out);
        out.number("timer-alarm", timer.dueAt());
    }

    @Override public void restore(StateReader in) throws BadState {
        restore(LocalApicState.read(in));
        timer.dueAt(in.number("timer-alarm"));
    }

    /** Leaves what firmware does on the boot processor ("virtual wire"): enabled, LINT0 for the PIC, LINT1 for NMI. */
    public void virtualWire() {
        svr = 0xff | SVR_ENABLED;
        lvt[LINT0] = DeliveryMode.EXTINT.ordinal() << 8;
        lvt[LINT1] = DeliveryMode.NMI.ordinal() << 8;
        update();
    }

    public int id() { return id; }

    /** Whether the processor, its interrupt flag permitting, is to take an interrupt now. */
    public boolean hasInterrupt() { return ready; }

    /** Takes the interrupt: moves it from IRR to ISR, or asks the PIC. The spurious vector if it has gone away. */
    public int acknowledge() {
        if (externalPending()) {
            external = false;
            int vector = bus.acknowledgeExternal();
            update();
            return vector & 0xff;
        }
        int vector = irr.highest();
        if (!enabled || vector >> 4 <= ppr >> 4) {
            return svr & 0xff;
        }
        irr.clear(vector);
        isr.set(vector);
        update();
        return vector;
    }

    /** Whether one interrupt is in service, edge-triggered, and none is requested: its end concerns nobody else. */
    public boolean servesOneByEdge() {
        int serving = isr.highest();
        return serving >= 0 && isr.count() == 1 && !tmr.has(serving) && irr.highest() < 0;
    }

    /** As a write to the EOI register. */
    public void endService() {
        endOfInterrupt();
        update();
    }

    /** CR8: bits 7 to 4 of TPR. */
    public int taskPriority() { return tpr >> 4; }

    public void taskPriority(int value) {
        tpr = (value & 0xf) << 4;
        update();
    }

    /** IA32_APIC_BASE. */
    public long apicBase() { return base | (bootProcessor ? BASE_BSP : 0) | (enabled ? BASE_ENABLED : 0); }

    /** Whether a value may be written to IA32_APIC_BASE; otherwise the processor raises #GP. */
    public static boolean apicBaseAllowed(long value) { return (value & ~(BASE_PAGE | BASE_BSP | BASE_ENABLED)) == 0; }

    /** Sets page and enable bit. Disabling loses all state (volume 3, "Enabling or Disabling the Local APIC"). */
    public void apicBase(long value) {
        base = value & BASE_PAGE;
        boolean enable = (value & BASE_ENABLED) != 0;
        if (enable != enabled) {
            enabled = enable;
            reset();
        }
    }

    /** IA32_TSC_DEADLINE; 0 if not armed or not in that mode. */
    public long deadline() { return timer.deadline(); }

    public void deadline(long tscTicks) { timer.deadline(tscTicks); }

    /** The processor's time-stamp counter was written or adjusted. */
    public void timeStampCounterChanged() { timer.tscChanged(); }

    @Override public long read(long offset, int size) {
        int lane = (int) offset & 0xf;
        if (!enabled) {
            return -1;
        }
        // Only the first four bytes of each sixteen exist.
        return lane > 3 ? 0 : Integer.toUnsignedLong(read((int) offset & BYTES - 16)) >>> 8 * lane;
    }

    @Override public void write(long offset, int size, long value) {
        if (enabled && (offset & 0xf) == 0 && size >= 4) {
            write((int) offset & BYTES - 16, (int) value);
        }
    }

    private int read(int register) {
        if (register >= ISR && register < ESR) {
            Vectors bits = register < TMR ? isr : register < IRR ? tmr : irr;
            return bits.word(register >> 4 & 7);
        }
        if (register >= LVT_TIMER && register <= LVT_ERROR) {
            return lvt[register - LVT_TIMER >> 4];
        }
        return switch (register) {
            case ID -> id << 24;
            case VERSION -> VERSION_VALUE;
            case TPR -> tpr;
            case PPR -> ppr;
            case APR, EOI, RRD -> 0;
            case LDR -> ldr;
            case DFR -> dfr;
            case SVR -> svr;
            case ESR -> errors;
            case ICR_LOW -> icrLow;
            case ICR_HIGH -> icrHigh;
            case INITIAL_COUNT -> timer.initialCount();
            case CURRENT_COUNT -> timer.currentCount();
            case DIVIDE -> timer.divide();
            default -> {
                error(ESR_ILLEGAL_REGISTER);
                yield 0;
            }
        };
    }

    private void write(int register, int value) {
        if (register >= LVT_TIMER && register <= LVT_ERROR) {
            writeLvt(register - LVT_TIMER >> 4, value);
            update();
            return;
        }
        switch (register) {
            case TPR -> tpr = value & 0xff;
            case EOI -> endOfInterrupt();
            case LDR -> ldr = value & 0xff00_0000;
            case DFR -> dfr = value | 0x0fff_ffff;
            case SVR -> writeSvr(value & SVR_WRITABLE);
            case ESR -> {
                errors = newErrors;
                newErrors = 0;
            }
            case ICR_LOW -> {
                icrLow = value & ICR_WRITABLE;
                sendInterrupt();
            }
            case ICR_HIGH -> icrHigh = value & 0xff00_0000;
            case INITIAL_COUNT -> timer.initialCount(value);
            case DIVIDE -> timer.divide(value);
            case ID, VERSION, APR, PPR, RRD, CURRENT_COUNT -> { }
            default -> {
                if (register < ISR || register >= ESR) {
                    error(ESR_ILLEGAL_REGISTER);
                }
            }
        }
        update();
    }

    /** While the APIC is disabled by software, every entry stays masked. */
    private void writeSvr(int value) {
        svr = value;
        if (!softwareEnabled()) {
            for (int i = 0; i < lvt.length; i++) {
                lvt[i] |= LVT_MASKED;
            }
        }
    }

    private void writeLvt(int entry, int value) {
        int writable = switch (entry) {
            case TIMER -> 0x7_00ff;
            case LINT0, LINT1 -> 0x1_a7ff;
            case ERROR -> 0x1_00ff;
            default -> 0x1_07ff;
        };
        int keeps = (value & LVT_LEVEL) != 0 ? lvt[entry] & LVT_REMOTE_IRR : 0;
        lvt[entry] = value & writable | keeps | (softwareEnabled() ? 0 : LVT_MASKED);
        if (entry == TIMER) {
            timer.mode(timerMode());
        } else if (entry == LINT0) {
            levelInput(LINT0, lint0);
        } else if (entry == LINT1) {
            levelInput(LINT1, lint1);
        }
    }

    private int timerMode() { return lvt[TIMER] >> 17 & 3; }

    private void endOfInterrupt() {
        int vector = isr.highest();
        if (vector < 0) {
            return;
        }
        isr.clear(vector);
        if (!tmr.has(vector)) {
            return;
        }
        bus.endOfInterrupt(vector);
        for (int entry = LINT0; entry <= LINT1; entry++) {
            if ((lvt[entry] & LVT_REMOTE_IRR) != 0 && (lvt[entry] & 0xff) == vector) {
                lvt[entry] &= ~LVT_REMOTE_IRR;
                levelInput(entry, entry == LINT0 ? lint0 : lint1);
            }
        }
    }

    /** A write to the low half of ICR sends (volume 3, "Interrupt Command Register"). */
    private void sendInterrupt() {
        DeliveryMode mode = DeliveryMode.of(icrLow >> 8);
        int vector = icrLow & 0xff;
        boolean level = (icrLow & ICR_LEVEL) != 0;
        boolean vectored = mode == DeliveryMode.FIXED || mode == DeliveryMode.LOWEST_PRIORITY;
        if (vectored && vector < VECTOR_MIN) {
            error(ESR_SEND_ILLEGAL_VECTOR);
            return;
        }
        if (mode == DeliveryMode.INIT && level && (icrLow & ICR_ASSERT) == 0) {
            return;     // INIT level de-assert only set arbitration ids, which this bus does not have.
        }
        if (mode == DeliveryMode.EXTINT || mode == DeliveryMode.RESERVED) {
            return;
        }
        // All messages of the ICR but INIT are edge-triggered whatever bit 15 says.
        switch (icrLow >> 18 & 3) {
            case 0 -> bus.send(mode, vector, false, icrHigh >>> 24, (icrLow & ICR_LOGICAL) != 0);
            case 1 -> {
                if (vectored) {
                    accept(DeliveryMode.FIXED, vector, false);
                }
            }
            case 2 -> bus.sendToAll(mode, vector, false, null);
            default -> bus.sendToAll(mode, vector, false, this);
        }
    }

    /** Whether a message is for this APIC (volume 3, "Determining IPI Destination"). */
    boolean answers(int destination, boolean logical) {
        if (!enabled) {
            return false;
        }
        if (destination == ApicBus.BROADCAST) {
            return true;
        }
        if (!logical) {
            return destination == id;
        }
        int mine = ldr >>> 24;
        if (dfr >>> 28 == 0xf) {
            return (mine & destination) != 0;
        }
        boolean inCluster = destination >> 4 == 0xf || mine >> 4 == destination >> 4;
        return inCluster && (mine & destination & 0xf) != 0;
    }

    boolean softwareEnabled() { return (svr & SVR_ENABLED) != 0; }

    int processorPriority() { return ppr; }

    /** Takes a message; false if it is lost. */
    boolean accept(DeliveryMode mode, int vector, boolean level) {
        switch (mode) {
            case FIXED, LOWEST_PRIORITY -> {
                return acceptFixed(vector, level);
            }
            case NMI -> signals.nmi();
            case INIT -> {
                reset();
                signals.init();
            }
            case STARTUP -> signals.startup(vector);
            case EXTINT -> {
                external = true;
                update();
            }
            case SMI, RESERVED -> {
                return false;
            }
        }
        return true;
    }

    private boolean acceptFixed(int vector, boolean level) {
        if (!enabled || !softwareEnabled()) {
            return false;
        }
        if (vector < VECTOR_MIN) {
            error(ESR_RECEIVED_ILLEGAL_VECTOR);
            return false;
        }
        signals.interruptArrives();
        irr.set(vector);
        if (level) {
            tmr.set(vector);
        } else {
            tmr.clear(vector);
        }
        update();
        return true;
    }

    void lint0(boolean high) {
        if (high != lint0) {
            lint0 = high;
            input(LINT0, high);
        }
    }

    void lint1(boolean high) {
        if (high != lint1) {
            lint1 = high;
            input(LINT1, high);
        }
    }

    /** A pin changes. Without their APIC a processor's pins are INTR and NMI. */
    private void input(int entry, boolean high) {
        boolean fixed = (lvt[entry] & LVT_DELIVERY_MODE) == 0;
        if (!enabled) {
            if (entry == LINT1 && high) {
                signals.nmi();
            }
        } else if (fixed && (lvt[entry] & LVT_LEVEL) != 0) {
            levelInput(entry, high);
        } else if (high) {
            localInterrupt(entry);
        }
        update();
    }

    private void levelInput(int entry, boolean high) {
        int value = lvt[entry];
        if (enabled && high && (value & (LVT_LEVEL | LVT_REMOTE_IRR | LVT_MASKED | LVT_DELIVERY_MODE)) == LVT_LEVEL
                && acceptFixed(value & 0xff, true)) {
            lvt[entry] |= LVT_REMOTE_IRR;
        }
    }

    /** An edge at one of the local sources. */
    private void localInterrupt(int entry) {
        if ((lvt[entry] & LVT_MASKED) != 0) {
            return;
        }
        switch (DeliveryMode.of(lvt[entry] >> 8)) {
            case FIXED -> acceptFixed(lvt[entry] & 0xff, false);
            case NMI -> signals.nmi();
            case INIT -> accept(DeliveryMode.INIT, 0, false);
            case EXTINT, SMI, LOWEST_PRIORITY, STARTUP, RESERVED -> { }     // ExtINT follows the level of the pin.
        }
    }

    /** Notes an error and, the first time after ESR was written, raises the error interrupt. */
    private void error(int bit) {
        boolean fresh = newErrors == 0;
        newErrors |= bit;
        if (fresh && (lvt[ERROR] & 0xff) >= VECTOR_MIN) {
            localInterrupt(ERROR);
        }
    }

    /** INIT and global disable: all but id, base and the levels of the pins. */
    private void reset() {
        LocalApicState fresh = LocalApicState.POWER_ON;
        restore(new LocalApicState(enabled, base, fresh.tpr(), fresh.ldr(), fresh.dfr(), fresh.svr(), fresh.isr(),
                fresh.tmr(), fresh.irr(), 0, 0, 0, 0, fresh.lvt(), 0, 0, fresh.expiry(), 0, lint0, lint1, false));
    }

    private boolean externalPending() {
        if (!enabled) {
            return lint0;
        }
        boolean wired = (lvt[LINT0] & LVT_MASKED) == 0 && DeliveryMode.of(lvt[LINT0] >> 8) == DeliveryMode.EXTINT;
        return external || wired && lint0;
    }

    /** Works out PPR and whether there is something to take (volume 3, "Task and Processor Priorities"). */
    private void update() {
        int serving = isr.highest();
        ppr = serving < 0 || tpr >> 4 >= serving >> 4 ? tpr : serving & 0xf0;
        int requested = irr.highest();
        boolean now = externalPending() || enabled && requested >= 0 && requested >> 4 > ppr >> 4;
        if (now != ready) {
            ready = now;
            signals.interruptChanged();
        }
    }
}
