package dev.sojourn.device.acpipm;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers of the power management hardware.
 *
 * @param status PM1_STS
 * @param enable PM1_EN
 * @param control PM1_CNT
 * @param carries how often bit 31 of the timer had changed when its status was last worked out
 * @param resetControl the reset register
 */
public record AcpiPmState(int status, int enable, int control, long carries, int resetControl) {
    public static final AcpiPmState POWER_ON = new AcpiPmState(0, 0, AcpiPm.SCI_EN, 0, 0);

    public AcpiPmState {
        status &= AcpiPm.STATUS_BITS;
        enable &= AcpiPm.ENABLE_BITS;
        control = control & AcpiPm.CONTROL_BITS | AcpiPm.SCI_EN;
        resetControl &= 0xff;
    }

    void save(StateWriter out) {
        out.number("status", status).number("enable", enable).number("control", control).number("carries", carries);
        out.number("reset-control", resetControl);
    }

    static AcpiPmState read(StateReader in) throws BadState {
        return new AcpiPmState(in.number("status", 0, 0xffff), in.number("enable", 0, 0xffff), in.number("control", 0, 0xffff),
                in.number("carries"), in.number("reset-control", 0, 0xff));
    }
}
