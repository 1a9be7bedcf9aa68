package dev.sojourn.device.acpipm;

/** What the power management hardware asks of its machine. Called while a register is written: note it and return. */
public interface PowerControl {
    /** Soft off, state S5. */
    void powerOff();

    /** A reset of the whole machine. */
    void reset();
}
