package dev.sojourn.interfaces.hyperv;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;
import java.util.List;

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
        Timer {
            if (pending && count == 0) {
                throw new IllegalArgumentException("A timer without a count has expired");
            }
        }

        static final Timer POWER_ON = new Timer(0, 0, 0, false);
    }

    static State powerOn() {
        long[] sources = new long[SOURCES];
        Arrays.fill(sources, SOURCE_RESET);
        Timer[] timers = new Timer[TIMERS];
        Arrays.fill(timers, Timer.POWER_ON);
        return new State(0, 0, false, 0, 0, 0, sources, timers);
    }

    void save(StateWriter out) {
        out.number("assist-page", assistPage).number("runtime", runtime).flag("idle", idle).number("control", control);
        out.number("event-page", eventPage).number("message-page", messagePage).numbers("sources", sources);
        out.list("timers", List.of(timers), (each, timer) -> each.number("config", timer.config).number("count", timer.count)
                .number("expiry", timer.expiry).flag("pending", timer.pending));
    }

    static State read(StateReader in) throws BadState {
        List<StateReader> states = in.listOf("timers", TIMERS);
        Timer[] timers = new Timer[TIMERS];
        for (int i = 0; i < TIMERS; i++) {
            StateReader each = states.get(i);
            timers[i] = new Timer(each.number("config"), each.number("count"), each.number("expiry"), each.flag("pending"));
        }
        return new State(in.number("assist-page"), in.number("runtime"), in.flag("idle"), in.number("control"),
                in.number("event-page"), in.number("message-page"), in.numbersOf("sources", SOURCES), timers);
    }
}
