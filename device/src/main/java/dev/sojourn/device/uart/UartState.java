package dev.sojourn.device.uart;

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
}
