package dev.sojourn.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of the host and of the commands that talk to it. */
final class HostSyntax {
    private HostSyntax() {}

    static List<CommandSpec> commands() {
        return List.of(ps(), logs(), attach(), pause(), resume(), stop(), remove(), await(), snapshot(), restore(), copy(), migrate(),
                events(), top(), console(), host());
    }

    private static CommandSpec host() {
        CommandSpec spec = command("host", "Is the host that holds detached sandboxes, until Ctrl-C; see docs/control-protocol.md.",
                "sojourn host [--listen ADDRESS:PORT] [--idle TIME] [--memory-limit SIZE]", "sojourn host --stop [--force]");
        spec.usageMessage().footer("", "Commands that need a host start one in the background; it ends after ten minutes",
                "without sandboxes. What it keeps is in $SOJOURN_HOME, or $XDG_STATE_HOME/sojourn, or",
                "~/.local/state/sojourn; a folder has one host at most.");
        spec.addOption(Syntax.value("ADDRESS:PORT", "Where it listens, on this computer only; 127.0.0.1:7600 if not given.", "--listen"));
        spec.addOption(Syntax.value("TIME", "Ends it after this time without running sandboxes and without calls.", "--idle"));
        spec.addOption(Syntax.value("SIZE", "Memory that guests may have together; that of this computer if not given.", "--memory-limit"));
        spec.addOption(Syntax.flag("Ends the host that runs.", "--stop"));
        spec.addOption(Syntax.flag("With --stop: even if sandboxes run, which are ended with it.", "--force"));
        spec.addOption(hidden("--background"));
        return spec;
    }

    private static CommandSpec ps() {
        CommandSpec spec = command("ps", "Lists the sandboxes of the host, those that ended too.", "sojourn ps [--json]");
        return json(spec);
    }

    private static CommandSpec logs() {
        CommandSpec spec = command("logs", "Shows what a sandbox has written.", "sojourn logs [-f] [--tail N] [--json] NAME");
        spec.addOption(Syntax.flag("Goes on until the sandbox ends.", "-f", "--follow"));
        spec.addOption(Syntax.value("N", "Only the last pieces written.", "--tail"));
        return json(names(spec));
    }

    private static CommandSpec stop() {
        CommandSpec spec = command("stop", "Asks guests to end, and ends those that do not.", "sojourn stop [--timeout TIME] NAME...");
        spec.addOption(Syntax.value("TIME", "How long a guest may take; 10s if not given, 0 to end it at once.", "--timeout"));
        return names(spec);
    }

    private static CommandSpec migrate() {
        CommandSpec spec = command("migrate", "Moves a sandbox to another host while it runs; see docs/migration.md.",
                "sojourn migrate [--max-downtime TIME] [--bandwidth SIZE] [--json] NAME ADDRESS:PORT");
        spec.usageMessage().footer("", "The other host is where 'sojourn host --listen ADDRESS:PORT' runs, with the same key file:",
                "$SOJOURN_KEY, or sojourn/move.p12 in $XDG_CONFIG_HOME or ~/.config; it is made when a host first starts.");
        spec.addOption(Syntax.value("TIME", "How long the guest may stand still; 300ms if not given. If it would be longer, it stays.",
                "--max-downtime"));
        spec.addOption(Syntax.value("SIZE", "How much may be sent in a second while the guest runs; no limit if not given.", "--bandwidth"));
        return json(names(spec));
    }

    private static CommandSpec remove() {
        CommandSpec spec = command("rm", "Forgets sandboxes that have ended, and what they wrote.", "sojourn rm [--force] NAME...");
        spec.addOption(Syntax.flag("Those that run too; they are ended.", "-f", "--force"));
        return names(spec);
    }

    private static CommandSpec await() {
        return names(command("wait", "Waits until a sandbox has ended, and ends with its status.", "sojourn wait NAME"));
    }

    private static CommandSpec attach() {
        CommandSpec spec = command("attach", "Joins this terminal, or standard input and output, to a sandbox.", "sojourn attach NAME");
        spec.usageMessage().footer("", "Ctrl-C, or with a terminal Ctrl-] pressed three times, leaves; the sandbox goes on.");
        return names(spec);
    }

    private static CommandSpec pause() {
        return names(command("pause", "Makes guests stand still, with their clocks.", "sojourn pause NAME..."));
    }

    private static CommandSpec resume() { return names(command("resume", "Lets them go on.", "sojourn resume NAME...")); }

    private static CommandSpec snapshot() {
        CommandSpec spec = command("snapshot", "Writes a snapshot of a guest, which goes on; or reads one and tells whether it is whole.",
                "sojourn snapshot NAME FILE", "sojourn snapshot verify [--json] FILE");
        return json(names(spec));
    }

    private static CommandSpec restore() {
        CommandSpec spec = command("restore", "Makes a sandbox that goes on where a snapshot was taken, and prints its name.",
                "sojourn restore [--name NAME] [--engine NAME] [--timeout TIME] FILE");
        spec.usageMessage().footer("", "The file must stay as it is while the sandbox lives: its memory is read from there.");
        spec.addOption(Syntax.value("NAME", "What it is called on the host.", "--name"));
        spec.addOption(Syntax.value("NAME", "How instructions run: translator, the default, interpreter or verify.", "--engine"));
        spec.addOption(Syntax.value("TIME", "Ends the guest after this time.", "--timeout"));
        return names(spec);
    }

    private static CommandSpec copy() {
        CommandSpec spec = command("clone", "Makes sandboxes that go on from where one is now, and prints their names.",
                "sojourn clone [--count N] NAME");
        spec.addOption(Syntax.value("N", "How many; 1 if not given.", "--count"));
        return names(spec);
    }

    private static CommandSpec events() {
        return json(command("events", "Tells what happens to sandboxes, from now on, until Ctrl-C.", "sojourn events [--json]"));
    }

    private static CommandSpec top() {
        CommandSpec spec = command("top", "Shows what running sandboxes use; on a terminal again and again, until Ctrl-C.",
                "sojourn top [--json]");
        return json(spec);
    }

    private static CommandSpec console() {
        return command("console", "Prints the address of the web console, with the token that lets in.", "sojourn console");
    }

    private static CommandSpec command(String name, String description, String... synopsis) {
        CommandSpec spec = CommandSpec.create().name("sojourn " + name);
        spec.usageMessage().description(description).customSynopsis(synopsis);
        spec.addOption(Syntax.flag("Shows this help.", "-h", "--help"));
        return spec;
    }

    private static CommandSpec json(CommandSpec spec) {
        spec.addOption(Syntax.flag("Prints JSON.", "--json"));
        return spec;
    }

    private static CommandSpec names(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").type(String[].class).paramLabel("NAME")
                .hidden(true).build());
        return spec;
    }

    private static picocli.CommandLine.Model.OptionSpec hidden(String name) {
        return picocli.CommandLine.Model.OptionSpec.builder(name).type(boolean.class).arity("0").hidden(true).build();
    }
}
