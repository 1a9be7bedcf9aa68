package dev.sojourn.device.pic;

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
}
