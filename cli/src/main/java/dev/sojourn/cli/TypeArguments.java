package dev.sojourn.cli;

import dev.sojourn.machine.MachineType;
import dev.sojourn.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** Checks what the command line says of machine types. */
final class TypeArguments {
    private static final String[] NONE = {};

    private TypeArguments() {}

    /** The type that {@code --machine} names, or the usual one. */
    static MachineType type(ParseResult options) throws UsageError {
        return options.hasMatchedOption("--machine") ? type(options.matchedOptionValue("--machine", "")) : MachineType.usual();
    }

    private static MachineType type(String name) throws UsageError {
        return MachineType.find(name).orElseThrow(() -> new UsageError("There is no machine type '" + name + "'; there are "
                + String.join(" and ", MachineType.ids()) + "."));
    }

    /** An interface, or a variant of one. */
    private static String seen(String name) throws UsageError {
        if (!Probe.interfaces().contains(name)) {
            throw new UsageError("--interface needs one of " + String.join(", ", Probe.interfaces()) + ", not '" + name + "'.");
        }
        return name;
    }

    static Invocation probe(ParseResult options) throws UsageError {
        return new Invocation.Probe(type(options), seen(options.matchedOptionValue("--interface", "native")));
    }

    static Invocation machine(ParseResult options) throws UsageError {
        if (!options.hasSubcommand()) {
            throw new UsageError("Give list, show or diff, for example: sojourn machine list");
        }
        ParseResult verb = options.subcommand();
        if (verb.matchedOptionValue("--help", false)) {
            return new Invocation.Say(verb.commandSpec().commandLine().getUsageMessage());
        }
        boolean json = verb.matchedOptionValue("--json", false);
        return switch (verb.commandSpec().name()) {
            case "sojourn machine list" -> new Invocation.Types.All(json);
            case "sojourn machine show" -> {
                Optional<String> shown = verb.hasMatchedOption("--interface")
                        ? Optional.of(seen(verb.matchedOptionValue("--interface", ""))) : Optional.empty();
                yield new Invocation.Types.Show(types(verb, "show", 1).getFirst(), shown, json);
            }
            default -> {
                List<MachineType> types = types(verb, "diff", 2);
                List<String> named = new ArrayList<>();
                for (String name : verb.matchedOptionValue("--interface", NONE)) named.add(seen(name));
                yield new Invocation.Types.Difference(types.getFirst(), types.getLast(), named.isEmpty() ? Probe.interfaces() : named, json);
            }
        };
    }

    private static List<MachineType> types(ParseResult options, String verb, int count) throws UsageError {
        String[] names = options.matchedPositionalValue(0, NONE);
        if (names.length != count) {
            throw new UsageError("Give " + (count == 1 ? "a machine type" : "two machine types") + ", for example: sojourn machine " + verb + " " + String.join(" ", MachineType.ids().subList(0, count)));
        }
        List<MachineType> types = new ArrayList<>();
        for (String name : names) types.add(type(name));
        return types;
    }
}
