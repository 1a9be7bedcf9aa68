package dev.sojourn.device.pic;

/** The registers of both controllers. */
public record PicPairState(PicState first, PicState second) {
    public static final PicPairState POWER_ON = new PicPairState(PicState.POWER_ON, PicState.POWER_ON);
}
