package dev.sojourn.device.apic;

import dev.sojourn.device.Alarms;

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
}
