package dev.sojourn.snapshot;

import dev.sojourn.machine.MachineShape;
import dev.sojourn.machine.MachineType;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * What a snapshot says of itself.
 *
 * @param writer the release that wrote it
 * @param id its own, never used twice
 * @param base the snapshot whose RAM this one only tells the changes of, and by which name its file lay beside this one
 * @param shape of the machine
 * @param nanos what the machine's clock showed
 */
public record SnapshotAbout(String writer, UUID id, Optional<Base> base, MachineShape shape, long nanos) {
    private static final int TEXT_MAX = 255;

    /** Another snapshot. */
    public record Base(UUID id, String fileName) {}

    public void save(StateWriter out) {
        out.text("writer", writer).text("id", id.toString());
        base.ifPresent(b -> out.text("base", b.id.toString()).text("base-file", b.fileName));
        out.text("machine-type", shape.type().id()).text("interface", shape.guestInterface());
        out.number("memory-bytes", shape.memoryBytes()).number("processors", shape.cpus()).number("nanos", nanos);
    }

    public static SnapshotAbout read(StateReader in) throws BadState {
        String type = in.text("machine-type", TEXT_MAX);
        MachineType known = Arrays.stream(MachineType.values()).filter(t -> t.id().equals(type)).findFirst()
                .orElseThrow(() -> in.bad("is of machine type " + type + ", which this release does not know; use a newer one"));
        Optional<Base> base = Optional.empty();
        if (in.has("base")) {
            base = Optional.of(new Base(uuid(in, "base"), in.text("base-file", TEXT_MAX)));
        }
        MachineShape shape = new MachineShape(known, in.text("interface", TEXT_MAX), in.number("memory-bytes"),
                in.number32("processors"));
        return new SnapshotAbout(in.text("writer", TEXT_MAX), uuid(in, "id"), base, shape, in.number("nanos"));
    }

    private static UUID uuid(StateReader in, String name) throws BadState {
        String text = in.text(name, TEXT_MAX);
        if (!text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw in.bad("has no " + name + " but " + text);
        }
        return UUID.fromString(text);
    }
}
