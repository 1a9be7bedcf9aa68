package dev.sojourn.device.pic;

import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** The two 8259A of a PC, the second behind input 2 of the first, with their edge/level registers. */
public final class PicPair implements Stateful {
    public static final int INPUTS = 16;

    private static final int CASCADE = 2;
    /** IRQ 0, 1, 2, 8 and 13 are edge-triggered for ever: timer, keyboard, cascade, clock, coprocessor. */
    private static final int ELCR1_MASK = 0xf8;
    private static final int ELCR2_MASK = 0xde;

    private final Pic first;
    private final Pic second;

    /** @param intr the wire to the processor's INTR pin, or to LINT0 of the local APICs */
    public PicPair(InterruptLine intr) {
        first = new Pic(intr, ELCR1_MASK, 1 << CASCADE);
        second = new Pic(high -> first.input(CASCADE, high), ELCR2_MASK, 0);
    }

    /** The pair as it is now: first and second controller. */
    public PicPairState state() { return new PicPairState(first.state(), second.state()); }

    public void restore(PicPairState state) {
        second.restore(state.second());
        first.restore(state.first());
    }

    @Override public void save(StateWriter out) { state().save(out); }

    @Override public void restore(StateReader in) throws BadState {
        restore(PicPairState.read(in));
    }

    /** Ports 0x20 and 0x21. */
    public PortDevice first() { return first; }

    /** Ports 0xa0 and 0xa1. */
    public PortDevice second() { return second; }

    /** Ports 0x4d0 and 0x4d1. */
    public PortDevice edgeLevel() { return new EdgeLevel(); }

    /** The wire into one of the sixteen inputs. */
    public InterruptLine line(int irq) {
        if (irq < 0 || irq >= INPUTS) {
            throw new IllegalArgumentException("No input " + irq);
        }
        Pic pic = irq < 8 ? first : second;
        return high -> pic.input(irq & 7, high);
    }

    /** The processor's interrupt acknowledge cycles: the vector of the request, or of input 7 if it has gone away. */
    public int acknowledge() {
        boolean cascaded = first.pending() == CASCADE;
        int pin = first.acknowledge();
        return cascaded ? second.vector(second.acknowledge()) : first.vector(pin);
    }

    private final class EdgeLevel implements PortDevice {
        @Override public int in(int offset, int size) { return offset == 0 ? first.elcr() : second.elcr(); }

        @Override public void out(int offset, int size, int value) {
            if (offset == 0) {
                first.elcr(value);
            } else {
                second.elcr(value);
            }
        }
    }
}
