package dev.sojourn.interfaces.kvm;

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
}
