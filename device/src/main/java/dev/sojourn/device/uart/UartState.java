package dev.sojourn.device.uart;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers of a 16550A.
 *
 * @param fcr bit 0 (FIFOs on) and bits 7 and 6 (receive trigger)
 * @param overrun bit 1 of LSR
 * @param modemChanges bits 3 to 0 of MSR
 * @param transmitterInterrupt whether "transmitter holding register empty" waits to be told
 * @param received what the receive FIFO holds, oldest first
 * @param nextInput when the line is free for the next byte, in nanoseconds
 */
public record UartState(int divisor, int ier, int fcr, int lcr, int mcr, int scr, boolean overrun, int modemChanges,
        boolean transmitterInterrupt, byte[] received, long nextInput) {
    /** As the data sheet's reset table has it; the divisor is undefined there and 0 here. */
    public static final UartState POWER_ON = new UartState(0, 0, 0, 0, 0, 0, false, 0, false, new byte[0], 0);

    public UartState {
        divisor &= 0xffff;
        ier &= 0xf;
        fcr &= 0xc1;
        lcr &= 0xff;
        mcr &= 0x1f;
        scr &= 0xff;
        modemChanges &= 0xf;
        if (received.length > Uart.FIFO_BYTES) {
            throw new IllegalArgumentException(received.length + " bytes in a FIFO of " + Uart.FIFO_BYTES);
        }
        received = received.clone();
    }

    @Override public byte[] received() { return received.clone(); }

    void save(StateWriter out) {
        out.number("divisor", divisor).number("ier", ier).number("fcr", fcr).number("lcr", lcr).number("mcr", mcr);
        out.number("scr", scr).flag("overrun", overrun).number("modem-changes", modemChanges);
        out.flag("transmitter-interrupt", transmitterInterrupt).bytes("received", received).number("next-input", nextInput);
    }

    static UartState read(StateReader in) throws BadState {
        return new UartState(in.number("divisor", 0, 0xffff), in.number("ier", 0, 0xf), in.number("fcr", 0, 0xff),
                in.number("lcr", 0, 0xff), in.number("mcr", 0, 0x1f), in.number("scr", 0, 0xff), in.flag("overrun"),
                in.number("modem-changes", 0, 0xf), in.flag("transmitter-interrupt"), in.bytes("received", Uart.FIFO_BYTES),
                in.number("next-input"));
    }
}
