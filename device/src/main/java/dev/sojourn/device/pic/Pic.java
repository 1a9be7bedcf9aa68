package dev.sojourn.device.pic;

import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.PortDevice;

/** One 8259A programmable interrupt controller. */
final class Pic implements PortDevice {
    private static final int COMMAND = 0;
    private static final int DATA = 1;

    private static final int ICW1 = 0x10;
    private static final int ICW1_IC4 = 0x01;
    private static final int ICW1_SNGL = 0x02;
    private static final int ICW1_LTIM = 0x08;
    private static final int ICW4_AEOI = 0x02;
    private static final int ICW4_SFNM = 0x10;
    private static final int OCW3 = 0x08;
    private static final int OCW3_RIS = 0x01;
    private static final int OCW3_RR = 0x02;
    private static final int OCW3_P = 0x04;
    private static final int OCW3_SMM = 0x20;
    private static final int OCW3_ESMM = 0x40;
    private static final int POLL_INTERRUPT = 0x80;
    private static final int SPURIOUS = 7;

    private final InterruptLine output;
    private final int elcrMask;
    private final int cascade;

    private int inputs;
    private int elcr;
    private int irr;
    private int isr;
    private int imr;
    private int vectorBase;
    private int awaited;
    private boolean icw4Awaited;
    private boolean single;
    private boolean levelTriggered;
    private boolean automaticEoi;
    private boolean rotateOnAutomaticEoi;
    private boolean specialFullyNested;
    private boolean specialMask;
    private boolean readIsr;
    private boolean poll;
    private int lowest;

    /**
     * @param elcrMask inputs whose trigger the guest may choose
     * @param cascade bit of the input that another controller drives; 0 if none
     */
    Pic(InterruptLine output, int elcrMask, int cascade) {
        this.output = output;
        this.elcrMask = elcrMask;
        this.cascade = cascade;
        restore(PicState.POWER_ON);
    }

    void restore(PicState state) {
        inputs = state.inputs();
        elcr = state.elcr() & elcrMask;
        irr = state.irr();
        isr = state.isr();
        imr = state.imr();
        vectorBase = state.vectorBase();
        awaited = state.awaited();
        icw4Awaited = state.icw4Awaited();
        single = state.single();
        levelTriggered = state.levelTriggered();
        automaticEoi = state.automaticEoi();
        rotateOnAutomaticEoi = state.rotateOnAutomaticEoi();
        specialFullyNested = state.specialFullyNested();
        specialMask = state.specialMask();
        readIsr = state.readIsr();
        poll = state.poll();
        lowest = state.lowest();
        update();
    }

    PicState state() {
        return new PicState(inputs, elcr, irr, isr, imr, vectorBase, awaited, icw4Awaited, single, levelTriggered,
                automaticEoi, rotateOnAutomaticEoi, specialFullyNested, specialMask, readIsr, poll, lowest);
    }

    /**
     * An input pin changes. An edge stays requested when the pin falls, so that a pulse is enough; that of another
     * controller is withdrawn with it, as on the real chip, or its masked requests would come back as spurious ones.
     */
    void input(int pin, boolean high) {
        int bit = 1 << pin;
        if ((inputs & bit) != 0 == high) {
            return;
        }
        inputs ^= bit;
        if (high) {
            irr |= bit;
        } else {
            irr &= ~((levels() | cascade) & bit);
        }
        update();
    }

    /** The input to be served next; -1 if none may interrupt. */
    int pending() {
        int requested = irr & ~imr;
        // Special mask mode: what is masked does not hold others back (8259A data sheet, "Special Mask Mode").
        int serving = specialMask ? isr & ~imr : isr;
        for (int i = 1; i <= 8; i++) {
            int pin = lowest + i & 7;
            int bit = 1 << pin;
            boolean blocked = (serving & bit) != 0;
            if ((requested & bit) != 0 && (!blocked || specialFullyNested && (bit & cascade) != 0)) {
                return pin;
            }
            if (blocked) {
                return -1;
            }
        }
        return -1;
    }

    /** The interrupt acknowledge cycle: puts the request in service and gives its input; 7 if it has gone away. */
    int acknowledge() {
        int pin = pending();
        if (pin < 0) {
            return SPURIOUS;
        }
        int bit = 1 << pin;
        irr &= ~bit | levels();
        if (!automaticEoi) {
            isr |= bit;
        } else if (rotateOnAutomaticEoi) {
            lowest = pin;
        }
        // The output falls between two requests, so that a first controller that waits for edges sees the next one.
        output.set(false);
        update();
        return pin;
    }

    int vector(int pin) { return vectorBase | pin; }

    int elcr() { return elcr; }

    void elcr(int value) {
        elcr = value & elcrMask;
        irr |= inputs & levels();
        update();
    }

    @Override public int in(int offset, int size) {
        if (poll) {
            poll = false;
            return pending() < 0 ? 0 : POLL_INTERRUPT | acknowledge();
        }
        if (offset == DATA) {
            return imr;
        }
        return readIsr ? isr : irr;
    }

    @Override public void out(int offset, int size, int value) {
        if (offset == COMMAND) {
            command(value & 0xff);
        } else {
            data(value & 0xff);
        }
        update();
    }

    private void command(int value) {
        if ((value & ICW1) != 0) {
            initialise(value);
        } else if ((value & OCW3) != 0) {
            if ((value & OCW3_ESMM) != 0) {
                specialMask = (value & OCW3_SMM) != 0;
            }
            if ((value & OCW3_RR) != 0) {
                readIsr = (value & OCW3_RIS) != 0;
            }
            poll = (value & OCW3_P) != 0;
        } else {
            endOfInterrupt(value >> 5, value & 7);
        }
    }

    /** ICW1 (8259A data sheet, "Initialization"): clears masks and service, and wants a fresh edge of each input. */
    private void initialise(int value) {
        levelTriggered = (value & ICW1_LTIM) != 0;
        irr = inputs & levels();
        isr = 0;
        imr = 0;
        lowest = 7;
        automaticEoi = false;
        rotateOnAutomaticEoi = false;
        specialFullyNested = false;
        specialMask = false;
        readIsr = false;
        poll = false;
        single = (value & ICW1_SNGL) != 0;
        icw4Awaited = (value & ICW1_IC4) != 0;
        awaited = 2;
    }

    /** OCW2: R, SL and EOI in bits 7 to 5. */
    private void endOfInterrupt(int command, int pin) {
        switch (command) {
            case 0 -> rotateOnAutomaticEoi = false;
            case 1 -> finish(inService(), false);
            case 3 -> finish(pin, false);
            case 4 -> rotateOnAutomaticEoi = true;
            case 5 -> finish(inService(), true);
            case 6 -> lowest = pin;
            case 7 -> finish(pin, true);
            default -> { }
        }
    }

    private void finish(int pin, boolean rotate) {
        if (pin < 0) {
            return;
        }
        isr &= ~(1 << pin);
        if (rotate) {
            lowest = pin;
        }
    }

    /** The input of highest priority in service; -1 if none. In special mask mode a masked one is not meant. */
    private int inService() {
        int serving = specialMask ? isr & ~imr : isr;
        for (int i = 1; i <= 8; i++) {
            int pin = lowest + i & 7;
            if ((serving & 1 << pin) != 0) {
                return pin;
            }
        }
        return -1;
    }

    private void data(int value) {
        switch (awaited) {
            case 2 -> {
                vectorBase = value & 0xf8;
                awaited = !single ? 3 : icw4Awaited ? 4 : 0;
            }
            case 3 -> awaited = icw4Awaited ? 4 : 0;     // A PC's cascade is soldered: ICW3 can only say so.
            case 4 -> {
                automaticEoi = (value & ICW4_AEOI) != 0;
                specialFullyNested = (value & ICW4_SFNM) != 0;
                awaited = 0;
            }
            default -> imr = value;
        }
    }

    private int levels() { return levelTriggered ? 0xff : elcr; }

    private void update() { output.set(awaited == 0 && pending() >= 0); }
}
