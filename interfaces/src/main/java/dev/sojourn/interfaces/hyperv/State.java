package dev.sojourn.interfaces.hyperv;

import java.util.Arrays;

/**
 * The registers of one virtual processor.
 *
 * @param runtime nanoseconds it has had its turn
 * @param idle it waits by HV_X64_MSR_GUEST_IDLE, for any interrupt
 * @param sources SINT0 to SINT15
 * @param timers the four timers
 */
record State(long assistPage, long runtime, boolean idle, long control, long eventPage, long messagePage, long[] sources,
        Timer[] timers) {
    static final int SOURCES = 16;
    static final int TIMERS = 4;
    /** Masked. */
    static final long SOURCE_RESET = 1 << 16;

    /**
     * A timer.
     *
     * @param expiry when it expires next, in units of 100 ns; of a message that could not be delivered, when it did
     * @param pending it has expired, and waits for room for its message
     */
    record Timer(long config, long count, long expiry, boolean pending) {
        static final Timer POWER_ON = new Timer(0, 0, 0, false);
    }

    static State powerOn() {
        long[] sources = new long[SOURCES];
        Arrays.fill(sources, SOURCE_RESET);
        Timer[] timers = new Timer[TIMERS];
        Arrays.fill(timers, Timer.POWER_ON);
        return new State(0, 0, false, 0, 0, 0, sources, timers);
    }
}
