/**
 * The 16550A serial port: eight ports, a 16-byte receive FIFO, one interrupt line.
 *
 * <p>Registers and bits carry the names of the PC16550D data sheet. A byte written is sent at once, so the
 * transmitter is always empty. The other end of the cable is a terminal that keeps to hardware handshake: it holds
 * CTS, DSR and DCD, and sends only while RTS is asserted, so that input waits for a guest that has not opened the
 * port. It sends at a pace a guest can follow, whatever the divisor says. The modem pins are dead in loopback mode,
 * and with them OUT2, which in a PC connects the interrupt line.
 *
 * <p>Start with {@link dev.sojourn.device.uart.Uart}. Invariant: the line is high exactly while OUT2 is on and IIR
 * shows a pending interrupt.
 */
package dev.sojourn.device.uart;
