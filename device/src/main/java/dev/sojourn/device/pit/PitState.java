package dev.sojourn.device.pit;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The registers of the 8254 and of port 0x61.
 *
 * @param control bits 3 to 0 of port 0x61
 */
public record PitState(List<CounterState> counters, int control) {
    public static final PitState POWER_ON = new PitState(
            List.of(CounterState.powerOn(true), CounterState.powerOn(true), CounterState.powerOn(false)), 0);

    public PitState {
        if (counters.size() != 3) {
            throw new IllegalArgumentException(counters.size() + " counters, not 3");
        }
        counters = List.copyOf(counters);
        control &= 0xf;
    }

    void save(StateWriter out) { out.number("control", control).list("counters", counters, (each, c) -> c.save(each)); }

    static PitState read(StateReader in) throws BadState {
        List<CounterState> counters = new ArrayList<>();
        for (StateReader counter : in.listOf("counters", 3)) {
            counters.add(CounterState.read(counter));
        }
        return new PitState(counters, in.number("control", 0, 0xf));
    }
}
