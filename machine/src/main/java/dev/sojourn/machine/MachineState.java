package dev.sojourn.machine;

import dev.sojourn.state.Section;
import java.util.List;

/**
 * All of a machine between two turns but its RAM. Nothing in it depends on the engine.
 *
 * @param nanos what its clock showed
 * @param sections the states of its parts
 */
public record MachineState(MachineShape shape, long nanos, List<Section> sections) {
    /** The section of a source of randomness that follows from a state. */
    static final String ENTROPY = "entropy";

    public MachineState {
        sections = List.copyOf(sections);
        if (nanos < 0) {
            throw new IllegalArgumentException("A clock at " + nanos);
        }
    }

    /** With a source of randomness that goes its own way from here. */
    public MachineState withoutEntropy() {
        return new MachineState(shape, nanos, sections.stream().filter(s -> !s.name().equals(ENTROPY)).toList());
    }
}
