package dev.sojourn.device.apic;

import dev.sojourn.device.Alarms;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers of a local APIC.
 *
 * @param enabled bit 11 of IA32_APIC_BASE
 * @param base the page of IA32_APIC_BASE
 * @param lvt timer, thermal, performance, LINT0, LINT1, error
 * @param errors what ESR shows
 * @param newErrors what ESR will show after it is written
 * @param initialCount the timer's initial count, unsigned
 * @param expiry when the count reaches zero, in ticks of the undivided timer clock; {@link Alarms#NEVER} if it stands
 * @param deadline IA32_TSC_DEADLINE, unsigned; 0 if not armed
 * @param lint0 level of the pin
 * @param lint1 level of the pin
 * @param external whether an ExtINT message waits for its acknowledge
 */
public record LocalApicState(boolean enabled, long base, int tpr, int ldr, int dfr, int svr, int[] isr, int[] tmr,
        int[] irr, int errors, int newErrors, int icrLow, int icrHigh, int[] lvt, int initialCount, int divide,
        long expiry, long deadline, boolean lint0, boolean lint1, boolean external) {
    public static final long BASE = 0xfee0_0000L;

    static final int LVT_MASKED = 0x1_0000;

    /** Volume 3, "Local APIC State After Power-Up or Reset". */
    public static final LocalApicState POWER_ON = new LocalApicState(true, BASE, 0, 0, -1, 0xff, new int[8], new int[8],
            new int[8], 0, 0, 0, 0, masked(), 0, 0, Alarms.NEVER, 0, false, false, false);

    public LocalApicState {
        isr = words(isr, 8);
        tmr = words(tmr, 8);
        irr = words(irr, 8);
        lvt = words(lvt, 6);
        base &= 0xf_ffff_ffff_f000L;
        tpr &= 0xff;
        divide &= 0xb;
        if (expiry < 0) {
            throw new IllegalArgumentException("APIC timer expiry " + expiry);
        }
    }

    @Override public int[] isr() { return isr.clone(); }

    @Override public int[] tmr() { return tmr.clone(); }

    @Override public int[] irr() { return irr.clone(); }

    @Override public int[] lvt() { return lvt.clone(); }

    private static int[] words(int[] given, int count) {
        if (given.length != count) {
            throw new IllegalArgumentException(given.length + " words, not " + count);
        }
        return given.clone();
    }

    private static int[] masked() {
        return new int[] {LVT_MASKED, LVT_MASKED, LVT_MASKED, LVT_MASKED, LVT_MASKED, LVT_MASKED};
    }

    void save(StateWriter out) {
        out.flag("enabled", enabled).number("base", base).number("tpr", tpr).number("ldr", ldr).number("dfr", dfr);
        out.number("svr", svr).numbers("isr", isr).numbers("tmr", tmr).numbers("irr", irr).number("errors", errors);
        out.number("new-errors", newErrors).number("icr-low", icrLow).number("icr-high", icrHigh).numbers("lvt", lvt);
        out.number("initial-count", initialCount).number("divide", divide).number("expiry", expiry).number("deadline", deadline);
        out.flag("lint0", lint0).flag("lint1", lint1).flag("external", external);
    }

    static LocalApicState read(StateReader in) throws BadState {
        return new LocalApicState(in.flag("enabled"), in.number("base"), in.number("tpr", 0, 0xff), in.number32("ldr"),
                in.number32("dfr"), in.number("svr", 0, 0x3ff), in.ints("isr", 8), in.ints("tmr", 8), in.ints("irr", 8),
                in.number32("errors"), in.number32("new-errors"), in.number32("icr-low"), in.number32("icr-high"),
                in.ints("lvt", 6), in.number32("initial-count"), in.number("divide", 0, 0xf), in.number("expiry"),
                in.number("deadline"), in.flag("lint0"), in.flag("lint1"), in.flag("external"));
    }
}
