package dev.sojourn.device.pic;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** The registers of both controllers. */
public record PicPairState(PicState first, PicState second) {
    public static final PicPairState POWER_ON = new PicPairState(PicState.POWER_ON, PicState.POWER_ON);

    void save(StateWriter out) { out.group("first", first::save).group("second", second::save); }

    static PicPairState read(StateReader in) throws BadState {
        return new PicPairState(PicState.read(in.group("first")), PicState.read(in.group("second")));
    }
}
