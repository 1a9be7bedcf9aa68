package dev.sojourn.device.uart;

import dev.sojourn.device.ByteSource;
import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.Wire;
import dev.sojourn.state.Section;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UartTest {
    private static final int DATA = 0;
    private static final int IER = 1;
    private static final int IIR = 2;
    private static final int FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;

    private static final int DTR_RTS_OUT2 = 0x0b;
    private static final int LOOP = 0x10;

    private final FakeTime time = new FakeTime();
    private final Wire line = new Wire();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private ByteArrayInputStream input = new ByteArrayInputStream(new byte[0]);
    private final Uart uart = new Uart(time.alarms, line, sent::write, (target, offset, length) ->
            Math.max(0, input.read(target, offset, length)));

    private int in(int register) { return uart.in(register, 1); }

    private void out(int register, int value) { uart.out(register, 1, value); }

    private void type(String text) {
        input = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
        uart.inputReady();
    }

    @Test void writtenByteIsSentAtOnceAndTheTransmitterStaysEmpty() {
        out(DATA, 'A');
        out(DATA, 'B');
        assertEquals("AB", sent.toString(StandardCharsets.US_ASCII));
        assertEquals(0x60, in(LSR));
    }

    @Test void divisorLatchHidesDataAndInterruptEnable() {
        out(IER, 0x05);
        out(LCR, 0x83);
        out(DATA, 0x01);
        out(IER, 0xc2);
        assertEquals(0x01, in(DATA));
        assertEquals(0xc2, in(IER));
        out(LCR, 0x03);
        assertEquals(0x05, in(IER));
        assertEquals(0, sent.size());
    }

    @Test void scratchRegisterRemembers() {
        out(SCR, 0xa5);
        assertEquals(0xa5, in(SCR));
    }

    @Test void interruptEnableHasFourBits() {
        out(IER, 0xff);
        assertEquals(0x0f, in(IER));
    }

    @Test void loopbackTurnsModemControlIntoModemStatus() {
        out(MCR, LOOP | 0x0a);
        assertEquals(0x90, in(MSR) & 0xf0);
        out(MCR, LOOP | 0x05);
        assertEquals(0x60, in(MSR) & 0xf0);
    }

    @Test void loopbackReceivesWhatItSends() {
        out(FCR, 0x01);
        out(MCR, LOOP);
        out(DATA, 'x');
        assertEquals(0x61, in(LSR));
        assertEquals('x', in(DATA));
        assertEquals(0x60, in(LSR));
        assertEquals(0, sent.size());
    }

    @Test void seventeenthByteInLoopbackOverrunsTheFifo() {
        out(FCR, 0x01);
        out(MCR, LOOP);
        for (int i = 0; i < 17; i++) {
            out(DATA, i);
        }
        assertEquals(0x63, in(LSR));
        assertEquals(0x61, in(LSR), "reading LSR clears the error");
        assertEquals(0, in(DATA), "the oldest byte is kept");
    }

    @Test void modemStatusShowsChangesOnce() {
        in(MSR);
        out(MCR, LOOP | 0x04);
        assertEquals(0x40 | 0x0b, in(MSR), "CTS, DSR, DCD fell; RI rose, which does not count");
        out(MCR, LOOP);
        assertEquals(0x04, in(MSR), "the trailing edge of RI");
        assertEquals(0x00, in(MSR));
    }

    @Test void fifosShowInIirAndSwitchingThemEmptiesThem() {
        assertEquals(0x01, in(IIR));
        out(FCR, 0x01);
        assertEquals(0xc1, in(IIR));
        out(MCR, LOOP);
        out(DATA, 'x');
        out(FCR, 0x00);
        assertEquals(0x60, in(LSR));
        assertEquals(0x01, in(IIR));
    }

    @Test void enablingTheTransmitterInterruptRaisesItAtOnceEachTime() {
        for (int i = 0; i < 2; i++) {
            out(IER, 0x02);
            assertEquals(0x02, in(IIR));
            assertEquals(0x01, in(IIR), "reading IIR answered it");
            out(IER, 0x00);
        }
    }

    @Test void writingTheSameInterruptEnableDoesNotRaiseItAgain() {
        out(IER, 0x02);
        in(IIR);
        out(IER, 0x02);
        assertEquals(0x01, in(IIR));
    }

    @Test void writingAByteRaisesTheTransmitterInterruptAgain() {
        out(IER, 0x02);
        in(IIR);
        out(DATA, 'A');
        assertEquals(0x02, in(IIR));
    }

    @Test void out2ConnectsTheInterruptLine() {
        out(IER, 0x02);
        assertFalse(line.high);
        out(MCR, 0x08);
        assertTrue(line.high);
        out(MCR, 0x00);
        assertFalse(line.high);
    }

    @Test void loopbackDisconnectsTheInterruptLine() {
        out(MCR, DTR_RTS_OUT2);
        out(IER, 0x02);
        assertTrue(line.high);
        out(MCR, LOOP | DTR_RTS_OUT2);
        assertFalse(line.high);
        assertEquals(0x02, in(IIR), "the interrupt itself is still there");
    }

    @Test void causesAppearByPriority() {
        out(FCR, 0x01);
        out(MCR, LOOP);
        for (int i = 0; i < 17; i++) {
            out(DATA, i);
        }
        out(IER, 0x0f);
        assertEquals(0xc6, in(IIR), "overrun");
        in(LSR);
        assertEquals(0xc4, in(IIR), "received data");
        for (int i = 0; i < 16; i++) {
            in(DATA);
        }
        assertEquals(0xc2, in(IIR), "transmitter");
        assertEquals(0xc0, in(IIR), "modem");
        in(MSR);
        assertEquals(0xc1, in(IIR));
    }

    @Test void belowTheTriggerReceivedBytesTimeOut() {
        out(FCR, 0xc1);
        out(IER, 0x01);
        out(MCR, DTR_RTS_OUT2);
        type("abc");
        assertTrue(line.high);
        assertEquals(0xcc, in(IIR));
        assertEquals('a', in(DATA));
        assertEquals('b', in(DATA));
        assertEquals('c', in(DATA));
        assertFalse(line.high);
        assertEquals(0xc1, in(IIR));
    }

    @Test void atTheTriggerReceivedDataIsAvailable() {
        out(FCR, 0xc1);
        out(IER, 0x01);
        out(MCR, DTR_RTS_OUT2);
        type("fourteen bytes");
        assertEquals(0xc4, in(IIR));
        in(DATA);
        assertEquals(0xcc, in(IIR));
    }

    @Test void inputWaitsForRequestToSend() {
        out(FCR, 0x01);
        type("hello");
        assertEquals(0x60, in(LSR));
        out(MCR, DTR_RTS_OUT2);
        assertEquals(0x61, in(LSR));
        assertEquals('h', in(DATA));
    }

    @Test void withoutFifosOneByteComesAtATime() {
        out(MCR, DTR_RTS_OUT2);
        type("ab");
        assertEquals('a', in(DATA));
        assertEquals(0x60, in(LSR));
        time.advance(Uart.BYTE_NANOS);
        assertEquals('b', in(DATA));
    }

    @Test void longInputComesInOrderAndAtAPace() {
        out(FCR, 0x81);
        out(IER, 0x01);
        out(MCR, DTR_RTS_OUT2);
        String text = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(20);
        type(text);
        StringBuilder received = new StringBuilder();
        int bursts = 0;
        while (received.length() < text.length()) {
            assertTrue(line.high, received.toString());
            while ((in(LSR) & 1) != 0) {
                received.append((char) in(DATA));
            }
            assertFalse(line.high);
            time.advance(16 * Uart.BYTE_NANOS);
            bursts++;
        }
        assertEquals(text, received.toString());
        assertEquals(text.length() / 16, bursts);
    }

    @Test void endedSourceIsNotAskedAgain() {
        int[] asked = {0};
        ByteSource ended = (_, _, _) -> {
            asked[0]++;
            return -1;
        };
        Uart last = new Uart(time.alarms, line, (_, _, _) -> {}, ended);
        last.out(MCR, 1, DTR_RTS_OUT2);
        last.inputReady();
        last.out(FCR, 1, 1);
        assertEquals(1, asked[0]);
    }

    /** What Linux's 8250 driver does before it believes in a 16550A without quirks. */
    @Test void passesTheProbeOfLinux() {
        out(IER, 0x00);
        assertEquals(0x00, in(IER) & 0x0f);
        out(IER, 0x0f);
        assertEquals(0x0f, in(IER) & 0x0f);
        out(IER, 0x00);
        out(MCR, LOOP | 0x0a);
        assertEquals(0x90, in(MSR) & 0xf0);
        out(MCR, 0x00);
        out(LCR, 0xbf);
        out(FCR, 0x00);
        out(LCR, 0x00);
        out(FCR, 0x01);
        assertEquals(3, in(IIR) >> 6, "16550A");
        out(LCR, 0x80);
        assertTrue(in(IIR) != 0, "no enhanced feature register of a 16650");
        out(LCR, 0x00);
        out(FCR, 0x21);
        assertEquals(6, in(IIR) >> 5, "no 64-byte FIFO of a 16750");
        out(FCR, 0x00);
        out(IER, 0x40);
        assertEquals(0, in(IER) & 0x40, "no UART-unit enable of an XScale");
    }

    @Test void endOfInputShowsNoByte() {
        out(MCR, DTR_RTS_OUT2);
        assertEquals(0, in(DATA));
        assertEquals(0x60, in(LSR));
    }

    @Test void impossibleStateIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> new UartState(0, 0, 0, 0, 0, 0, false, 0, false, new byte[17], 0));
    }

    @Test void surviveAMadGuest() {
        Hammer hammer = new Hammer(0x16550A, time, new int[] {1}, Hammer.range(0, 8, 1));
        hammer.strike(subject(), subject());
    }

    private Hammer.Subject<List<Section>> subject() {
        Wire wire = new Wire();
        Uart chip = new Uart(time.alarms, wire, (_, _, _) -> {}, (target, offset, _) -> {
            target[offset] = 0x55;
            return 1;
        });
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) { return chip.in(address, size); }

            @Override public void write(int address, int size, long value) { chip.out(address, size, (int) value); }
        };
        return Hammer.saved(access, () -> wire.high, chip);
    }
}
