package dev.sojourn.device.uart;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** A 16550A. Its eight ports are eight bits wide. */
public final class Uart implements PortDevice, Stateful {
    public static final int PORTS = 8;

    static final int FIFO_BYTES = 16;
    /** The pace of input: 80 kB/s leaves a guest time to empty its buffers before it must drop RTS. */
    static final long BYTE_NANOS = 12_500;

    private static final int RBR_THR = 0;
    private static final int IER = 1;
    private static final int IIR_FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;

    private static final int IER_ERBFI = 0x01;
    private static final int IER_ETBEI = 0x02;
    private static final int IER_ELSI = 0x04;
    private static final int IER_EDSSI = 0x08;

    private static final int IIR_NONE = 0x01;
    private static final int IIR_MODEM = 0x00;
    private static final int IIR_TRANSMITTER = 0x02;
    private static final int IIR_RECEIVED = 0x04;
    private static final int IIR_LINE = 0x06;
    private static final int IIR_TIMEOUT = 0x0c;
    private static final int IIR_FIFOS = 0xc0;

    private static final int FCR_ENABLE = 0x01;
    private static final int FCR_RESET_RECEIVER = 0x02;
    private static final int FCR_KEPT = 0xc1;

    private static final int LCR_DLAB = 0x80;

    private static final int MCR_DTR = 0x01;
    private static final int MCR_RTS = 0x02;
    private static final int MCR_OUT1 = 0x04;
    private static final int MCR_OUT2 = 0x08;
    private static final int MCR_LOOP = 0x10;

    private static final int LSR_DR = 0x01;
    private static final int LSR_OE = 0x02;
    private static final int LSR_THRE_TEMT = 0x60;

    private static final int MSR_TERI = 0x04;
    private static final int MSR_CTS = 0x10;
    private static final int MSR_DSR = 0x20;
    private static final int MSR_RI = 0x40;
    private static final int MSR_DCD = 0x80;

    private final Alarms alarms;
    private final Alarms.Alarm inputAlarm;
    private final InterruptLine line;
    private final ByteSink sink;
    private final ByteSource source;

    private final byte[] fifo = new byte[FIFO_BYTES];
    private final byte[] transfer = new byte[FIFO_BYTES];
    private int fifoFirst;
    private int fifoCount;
    private int divisor;
    private int ier;
    private int fcr;
    private int lcr;
    private int mcr;
    private int scr;
    private boolean overrun;
    private int modemChanges;
    private boolean transmitterInterrupt;
    private long nextInput;
    private boolean inputEnded;

    public Uart(Alarms alarms, InterruptLine line, ByteSink sink, ByteSource source) {
        this.alarms = alarms;
        this.line = line;
        this.sink = sink;
        this.source = source;
        inputAlarm = alarms.alarm(this::receive);
        restore(UartState.POWER_ON);
    }

    public UartState state() {
        byte[] received = new byte[fifoCount];
        for (int i = 0; i < fifoCount; i++) {
            received[i] = fifo[fifoFirst + i & FIFO_BYTES - 1];
        }
        return new UartState(divisor, ier, fcr, lcr, mcr, scr, overrun, modemChanges, transmitterInterrupt, received,
                nextInput);
    }

    /** Takes over a state; the owner then calls {@link #inputReady} if the source may have something. */
    public void restore(UartState state) {
        divisor = state.divisor();
        ier = state.ier();
        fcr = state.fcr();
        lcr = state.lcr();
        mcr = state.mcr();
        scr = state.scr();
        overrun = state.overrun();
        modemChanges = state.modemChanges();
        transmitterInterrupt = state.transmitterInterrupt();
        byte[] received = state.received();
        System.arraycopy(received, 0, fifo, 0, received.length);
        fifoFirst = 0;
        fifoCount = received.length;
        nextInput = state.nextInput();
        update();
    }

    @Override public void save(StateWriter out) {
        state().save(out);
        out.number("alarm", inputAlarm.nanos());
    }

    @Override public void restore(StateReader in) throws BadState {
        restore(UartState.read(in));
        inputAlarm.at(in.number("alarm"));
    }

    /** Tells it that the source has bytes, or its end, after having had none. */
    public void inputReady() { receive(); }

    @Override public int in(int offset, int size) {
        boolean latch = (lcr & LCR_DLAB) != 0;
        return switch (offset) {
            case RBR_THR -> latch ? divisor & 0xff : readByte();
            case IER -> latch ? divisor >> 8 : ier;
            case IIR_FCR -> readIir();
            case LCR -> lcr;
            case MCR -> mcr;
            case LSR -> readLsr();
            case MSR -> readMsr();
            case SCR -> scr;
            default -> 0xff;
        };
    }

    @Override public void out(int offset, int size, int value) {
        boolean latch = (lcr & LCR_DLAB) != 0;
        int data = value & 0xff;
        switch (offset) {
            case RBR_THR -> {
                if (latch) {
                    divisor = divisor & 0xff00 | data;
                } else {
                    transmit(data);
                }
            }
            case IER -> {
                if (latch) {
                    divisor = divisor & 0xff | data << 8;
                } else {
                    writeIer(data & 0xf);
                }
            }
            case IIR_FCR -> writeFcr(data);
            case LCR -> lcr = data;
            case MCR -> writeMcr(data & 0x1f);
            case SCR -> scr = data;
            default -> { }      // LSR is for factory tests only, MSR is read-only.
        }
        update();
    }

    private int readByte() {
        if (fifoCount == 0) {
            return 0;
        }
        int value = fifo[fifoFirst] & 0xff;
        fifoFirst = fifoFirst + 1 & FIFO_BYTES - 1;
        fifoCount--;
        receive();
        update();
        return value;
    }

    /** Reading IIR answers the transmitter's interrupt if it shows that (PC16550D, "Interrupt Identification"). */
    private int readIir() {
        int cause = cause();
        if (cause == IIR_TRANSMITTER) {
            transmitterInterrupt = false;
            update();
        }
        return cause | (fifosOn() ? IIR_FIFOS : 0);
    }

    private int readLsr() {
        int value = LSR_THRE_TEMT | (fifoCount > 0 ? LSR_DR : 0) | (overrun ? LSR_OE : 0);
        overrun = false;
        update();
        return value;
    }

    private int readMsr() {
        int value = modemPins() | modemChanges;
        modemChanges = 0;
        update();
        return value;
    }

    /** Enabling the transmitter's interrupt while the register is empty raises it at once. */
    private void writeIer(int value) {
        if ((value & ~ier & IER_ETBEI) != 0) {
            transmitterInterrupt = true;
        }
        ier = value;
    }

    private void writeFcr(int value) {
        boolean switched = ((value ^ fcr) & FCR_ENABLE) != 0;
        if (switched || (value & (FCR_ENABLE | FCR_RESET_RECEIVER)) == (FCR_ENABLE | FCR_RESET_RECEIVER)) {
            fifoCount = 0;
        }
        // Without bit 0 the other bits are not programmed.
        fcr = (value & FCR_ENABLE) != 0 ? value & FCR_KEPT : 0;
        receive();
    }

    private void writeMcr(int value) {
        int before = modemPins();
        mcr = value;
        int now = modemPins();
        int changed = (before ^ now) >> 4;
        // Of RI only the trailing edge counts.
        modemChanges |= changed & ~MSR_TERI | (before & ~now & MSR_RI) >> 4;
        receive();
    }

    private void transmit(int data) {
        transmitterInterrupt = true;
        transfer[0] = (byte) data;
        if ((mcr & MCR_LOOP) == 0) {
            sink.write(transfer, 0, 1);
        } else if (fifoCount == capacity()) {
            overrun = true;
        } else {
            push(transfer[0]);
        }
    }

    /** Takes what the source has and the FIFO has room for, unless the last bytes are still on the line. */
    private void receive() {
        int room = capacity() - fifoCount;
        if (inputEnded || room == 0 || (mcr & (MCR_RTS | MCR_LOOP)) != MCR_RTS) {
            return;
        }
        long now = alarms.clock().nanos();
        if (now < nextInput) {
            inputAlarm.at(nextInput);
            return;
        }
        int count = source.read(transfer, 0, room);
        inputEnded = count < 0;
        for (int i = 0; i < count; i++) {
            push(transfer[i]);
        }
        if (count > 0) {
            nextInput = now + count * BYTE_NANOS;
        }
        update();
    }

    private void push(byte data) {
        fifo[fifoFirst + fifoCount & FIFO_BYTES - 1] = data;
        fifoCount++;
    }

    private int capacity() { return fifosOn() ? FIFO_BYTES : 1; }

    private boolean fifosOn() { return (fcr & FCR_ENABLE) != 0; }

    private int modemPins() {
        if ((mcr & MCR_LOOP) == 0) {
            return MSR_CTS | MSR_DSR | MSR_DCD;
        }
        return ((mcr & MCR_RTS) != 0 ? MSR_CTS : 0) | ((mcr & MCR_DTR) != 0 ? MSR_DSR : 0)
                | ((mcr & MCR_OUT1) != 0 ? MSR_RI : 0) | ((mcr & MCR_OUT2) != 0 ? MSR_DCD : 0);
    }

    /** The pending interrupt of highest priority, as IIR codes it (PC16550D, "Interrupt Control Functions"). */
    private int cause() {
        if ((ier & IER_ELSI) != 0 && overrun) {
            return IIR_LINE;
        }
        if ((ier & IER_ERBFI) != 0 && fifoCount > 0) {
            // Bytes come in bursts: when a burst is over and below the trigger, its timeout is over as well.
            return fifoCount >= trigger() ? IIR_RECEIVED : IIR_TIMEOUT;
        }
        if ((ier & IER_ETBEI) != 0 && transmitterInterrupt) {
            return IIR_TRANSMITTER;
        }
        if ((ier & IER_EDSSI) != 0 && modemChanges != 0) {
            return IIR_MODEM;
        }
        return IIR_NONE;
    }

    private int trigger() {
        if (!fifosOn()) {
            return 1;
        }
        return switch (fcr >> 6) {
            case 0 -> 1;
            case 1 -> 4;
            case 2 -> 8;
            default -> 14;
        };
    }

    private void update() { line.set((mcr & (MCR_OUT2 | MCR_LOOP)) == MCR_OUT2 && cause() != IIR_NONE); }
}
