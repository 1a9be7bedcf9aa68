package dev.sojourn.interfaces;

import java.util.List;

/**
 * A call as a trace shows it.
 *
 * @param name the interface's own name for it
 */
public record CallText(String name, long number, List<Argument> arguments) {
    /** Of an interface that does not describe its calls. */
    public static final CallText UNKNOWN = new CallText("call", 0, List.of());

    /** One argument, by the name its documents use. */
    public record Argument(String name, long value) {}

    public CallText {
        arguments = List.copyOf(arguments);
    }

    public static CallText of(String name, long number, Argument... arguments) {
        return new CallText(name, number, List.of(arguments));
    }
}
