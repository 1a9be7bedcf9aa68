package dev.sojourn.sandbox;

import dev.sojourn.machine.Host;

/** How a guest is joined to the host's streams. */
enum GuestKind {
    /** A command of the default guest with three pipes. */
    COMMAND("command", Host.STDIN),
    /** A command of the default guest on a terminal. */
    TERMINAL("terminal", Host.TTY),
    /** A kernel on its serial console. */
    CONSOLE("console", Host.SERIAL);

    /** In snapshots. */
    final String word;
    final String inputPort;

    GuestKind(String word, String inputPort) {
        this.word = word;
        this.inputPort = inputPort;
    }

    static GuestKind of(Guest guest) {
        return switch (guest) {
            case Guest.Command command -> command.terminal() ? TERMINAL : COMMAND;
            case Guest.Image _, Guest.Probe _ -> CONSOLE;
        };
    }
}
