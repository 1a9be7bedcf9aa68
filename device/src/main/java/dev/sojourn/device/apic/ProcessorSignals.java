package dev.sojourn.device.apic;

/** What a local APIC tells its processor. Called while a register is written or an alarm runs: note it and return. */
public interface ProcessorSignals {
    /** {@link LocalApic#hasInterrupt} has changed. */
    void interruptChanged();

    /** A fixed interrupt is about to be requested: what software has yet to tell the APIC, it is told now. */
    default void interruptArrives() {}

    /** A non-maskable interrupt, edge-triggered. */
    void nmi();

    /** INIT: the processor resets itself and, unless it is the boot processor, waits for a start-up. */
    void init();

    /** STARTUP: a processor that waits for it begins at {@code vector << 12} in real mode; another ignores it. */
    void startup(int vector);
}
