package dev.sojourn.interfaces.kvm;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers of one processor, and what is behind them.
 *
 * @param systemTime KVM_SYSTEM_TIME as written
 * @param stealTime KVM_STEAL_TIME as written
 * @param endOfInterrupt KVM_PV_EOI_EN as written
 * @param endOfInterruptPending the guest was told that it need not write EOI, and may have acted on it
 * @param stolenNanos how long it waited for its turn
 */
record State(long systemTime, long stealTime, long endOfInterrupt, boolean endOfInterruptPending, long stolenNanos) {
    static final State POWER_ON = new State(0, 0, 0, false, 0);

    void save(StateWriter out) {
        out.number("system-time", systemTime).number("steal-time", stealTime).number("end-of-interrupt", endOfInterrupt);
        out.flag("end-of-interrupt-pending", endOfInterruptPending).number("stolen-nanos", stolenNanos);
    }

    static State read(StateReader in) throws BadState {
        return new State(in.number("system-time"), in.number("steal-time"), in.number("end-of-interrupt"),
                in.flag("end-of-interrupt-pending"), in.number("stolen-nanos"));
    }
}
