package dev.sojourn.migration;

import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the target must know to say whether it can have the guest.
 *
 * @param id of this migration, never used again: 32 hexadecimal digits
 * @param name of the guest
 * @param release of the source
 * @param header what the machine is made of, as in a snapshot
 * @param parts the sections of state that will come
 * @param description what the program around the guest says of it to its like; empty for nothing
 */
public record Offer(String id, String name, String release, Section header, List<Part> parts, String description) {
    /** A section to come, by its name and version. */
    public record Part(String name, int version, boolean mayIgnore) {}

    /** More parts than any machine has. */
    static final int PARTS_MAX = 1024;

    private static final int HEADER_BYTES_MAX = 1 << 20;
    private static final int TEXT_BYTES_MAX = 256;
    private static final int DESCRIPTION_BYTES_MAX = 1 << 20;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    public Offer {
        if (!isId(id)) {
            throw new IllegalArgumentException("a migration named \"" + id + "\"");
        }
        parts = List.copyOf(parts);
    }

    static boolean isId(String text) { return ID.matcher(text).matches(); }

    byte[] toBytes() {
        return new StateWriter().text("id", id).text("name", name).text("release", release).text("description", description)
                .group("header", out -> out.text("name", header.name()).number("version", header.version()).bytes("bytes", header.bytes()))
                .list("parts", parts, (out, part) -> out.text("name", part.name).number("version", part.version)
                        .flag("mayIgnore", part.mayIgnore))
                .toBytes();
    }

    static Offer of(byte[] bytes) throws BadState {
        StateReader in = new StateReader("the offer", 1, bytes);
        StateReader header = in.group("header");
        List<Part> parts = new ArrayList<>();
        for (StateReader part : in.list("parts", PARTS_MAX)) {
            parts.add(new Part(part.text("name", TEXT_BYTES_MAX), part.number("version", 1, Integer.MAX_VALUE), part.flag("mayIgnore")));
        }
        try {
            Offer offer = new Offer(in.text("id", TEXT_BYTES_MAX), in.text("name", TEXT_BYTES_MAX), in.text("release", TEXT_BYTES_MAX),
                    new Section(header.text("name", TEXT_BYTES_MAX), header.number("version", 1, Integer.MAX_VALUE), false,
                            header.bytes("bytes", HEADER_BYTES_MAX)), parts,
                    in.text("description", DESCRIPTION_BYTES_MAX));
            in.finish();
            return offer;
        } catch (IllegalArgumentException e) {
            throw new BadState("The offer names " + e.getMessage() + ".", e);
        }
    }
}
