package dev.sojourn.sandbox;

import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a snapshot says of the sandbox around the machine: which command runs, what it said, what was read ahead for it. */
record SandboxState(GuestKind kind, List<String> arguments, StateReader in) {
    static final String SECTION = "sandbox";

    private static final int VERSION = 1;
    private static final int WORD_MAX = 16;
    private static final int ARGUMENTS_MAX = 4096;
    private static final int ARGUMENT_BYTES_MAX = 1 << 20;

    /** Writes the section. */
    record Writer(GuestKind kind, List<String> arguments, SerialLog log, StatusProtocol status, InputPump input)
            implements Stateful {
        @Override
        public void save(StateWriter out) {
            out.text("kind", kind.word).list("arguments", arguments, (each, argument) -> each.text("text", argument));
            out.group("console", log::save).group("status", status::save).group("input", input::save);
        }

        @Override
        public void restore(StateReader in) { throw new AssertionError("a writer"); }
    }

    /** @throws BadState if there is none, or none that is known */
    static SandboxState of(List<Section> host) throws BadState {
        Section section = host.stream().filter(s -> s.name().equals(SECTION)).findFirst()
                .orElseThrow(() -> new BadState("The snapshot is of a machine without a sandbox; it cannot be restored as one."));
        for (Section other : host) {
            if (other != section && !other.mayIgnore()) {
                throw new BadState("The snapshot has the section " + other.name()
                        + ", which this release does not know; use a newer one.");
            }
        }
        if (section.version() != VERSION) {
            throw new BadState("The state of the sandbox has version " + section.version() + ", and this release knows version "
                    + VERSION + "; use a newer one.");
        }
        StateReader in = new StateReader(SECTION, section.version(), section.bytes());
        String word = in.text("kind", WORD_MAX);
        GuestKind kind = Arrays.stream(GuestKind.values()).filter(k -> k.word.equals(word)).findFirst()
                .orElseThrow(() -> in.bad("is of a guest of kind " + word + ", which this release does not know; use a newer one"));
        List<String> arguments = new ArrayList<>();
        for (StateReader each : in.list("arguments", ARGUMENTS_MAX)) {
            arguments.add(each.text("text", ARGUMENT_BYTES_MAX));
        }
        return new SandboxState(kind, List.copyOf(arguments), in);
    }

    void restore(SerialLog log, StatusProtocol status, InputPump input) throws BadState {
        log.restore(in.group("console"));
        status.restore(in.group("status"));
        input.restore(in.group("input"));
        in.finish();
    }
}
