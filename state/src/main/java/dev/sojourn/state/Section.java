package dev.sojourn.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The saved state of one part.
 *
 * @param name which part of a machine it is: a chip, and its number if there are several
 * @param version of the part's encoding
 * @param mayIgnore whether a reader that does not know the part may go on without it
 * @param bytes fields as {@link StateWriter} writes them
 */
public record Section(String name, int version, boolean mayIgnore, byte[] bytes) {
    /** Saves all parts, in their order. */
    public static List<Section> save(Map<String, ? extends Stateful> parts) {
        List<Section> sections = new ArrayList<>();
        parts.forEach((name, part) -> sections.add(of(name, part)));
        return List.copyOf(sections);
    }

    public static Section of(String name, Stateful part) {
        StateWriter out = new StateWriter();
        part.save(out);
        return new Section(name, part.version(), false, out.toBytes());
    }

    /**
     * Restores all parts, in their order, which the sections need not have.
     *
     * @throws BadState if a section is missing, unknown and not to be ignored, too new, or not a state of its part
     */
    public static void restore(List<Section> sections, Map<String, ? extends Stateful> parts) throws BadState {
        Map<String, Section> byName = new HashMap<>();
        for (Section section : sections) {
            if (byName.put(section.name, section) != null) {
                throw new BadState("The state of " + section.name + " is there twice.");
            }
            if (!parts.containsKey(section.name) && !section.mayIgnore) {
                throw new BadState("There is a state of " + section.name
                        + ", which this machine does not have; use a release that knows it.");
            }
        }
        for (Map.Entry<String, ? extends Stateful> part : parts.entrySet()) {
            Section section = byName.get(part.getKey());
            if (section == null) {
                throw new BadState("The state of " + part.getKey() + " is missing.");
            }
            section.restoreTo(part.getValue());
        }
    }

    /** @throws BadState if it cannot be restored */
    public void restoreTo(Stateful part) throws BadState {
        if (version < 1 || version > part.version()) {
            throw new BadState("The state of " + name + " has version " + version + ", and this release knows versions to "
                    + part.version() + "; use a newer one.");
        }
        StateReader in = new StateReader(name, version, bytes);
        try {
            part.restore(in);
        } catch (IllegalArgumentException e) {
            throw new BadState("The state of " + name + " cannot be: " + e.getMessage() + ".", e);
        }
        in.finish();
    }
}
