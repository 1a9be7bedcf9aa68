package dev.sojourn.device.pic;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers of one 8259A.
 *
 * @param inputs levels of the eight input pins
 * @param elcr inputs that are level-triggered by the ISA bridge's edge/level register
 * @param awaited the initialisation command word expected next, 2 to 4; 0 when initialised
 * @param icw4Awaited whether ICW1 announced an ICW4
 * @param single whether ICW1 said that there is no second controller
 * @param lowest the input with the lowest priority, 7 unless rotated
 */
public record PicState(int inputs, int elcr, int irr, int isr, int imr, int vectorBase, int awaited,
        boolean icw4Awaited, boolean single, boolean levelTriggered, boolean automaticEoi, boolean rotateOnAutomaticEoi,
        boolean specialFullyNested, boolean specialMask, boolean readIsr, boolean poll, int lowest) {

    /** Everything masked, as firmware leaves a controller that nobody has initialised. */
    public static final PicState POWER_ON = new PicState(0, 0, 0, 0, 0xff, 0, 0, false,
            false, false, false, false, false, false, false, false, 7);

    public PicState {
        inputs &= 0xff;
        elcr &= 0xff;
        irr &= 0xff;
        isr &= 0xff;
        imr &= 0xff;
        vectorBase &= 0xf8;
        lowest &= 7;
        if (awaited != 0 && (awaited < 2 || awaited > 4)) {
            throw new IllegalArgumentException("No initialisation word ICW" + awaited);
        }
    }

    void save(StateWriter out) {
        out.number("inputs", inputs).number("elcr", elcr).number("irr", irr).number("isr", isr).number("imr", imr);
        out.number("vector-base", vectorBase).number("awaited", awaited).flag("icw4-awaited", icw4Awaited).flag("single", single);
        out.flag("level-triggered", levelTriggered).flag("automatic-eoi", automaticEoi);
        out.flag("rotate-on-automatic-eoi", rotateOnAutomaticEoi).flag("special-fully-nested", specialFullyNested);
        out.flag("special-mask", specialMask).flag("read-isr", readIsr).flag("poll", poll).number("lowest", lowest);
    }

    static PicState read(StateReader in) throws BadState {
        return new PicState(in.number("inputs", 0, 0xff), in.number("elcr", 0, 0xff), in.number("irr", 0, 0xff),
                in.number("isr", 0, 0xff), in.number("imr", 0, 0xff), in.number("vector-base", 0, 0xff), in.number("awaited", 0, 4),
                in.flag("icw4-awaited"), in.flag("single"), in.flag("level-triggered"), in.flag("automatic-eoi"),
                in.flag("rotate-on-automatic-eoi"), in.flag("special-fully-nested"), in.flag("special-mask"), in.flag("read-isr"),
                in.flag("poll"), in.number("lowest", 0, 7));
    }
}
