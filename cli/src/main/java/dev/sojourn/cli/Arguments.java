package dev.sojourn.cli;

import dev.sojourn.host.command.SandboxName;
import dev.sojourn.interfaces.GuestInterface;
import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.sandbox.Devices;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.SandboxSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Turns the words of the command line into an {@link Invocation}; everything is checked here, once. */
final class Arguments {
    private static final String[] NONE = {};

    /** A slow computer takes a minute for a boot. */
    private static final Duration MATRIX_TIME_PER_BOOT = Duration.ofMinutes(5);

    private final List<byte[]> raw;
    private final Map<String, String> environment;
    private final String version;

    /**
     * @param raw the words as bytes, for the command inside
     * @param environment the host's variables, for {@code --env NAME}
     */
    Arguments(List<byte[]> raw, Map<String, String> environment, String version) {
        this.raw = raw;
        this.environment = environment;
        this.version = version;
    }

    Invocation parse(List<String> words) throws UsageError {
        CommandLine line = Syntax.commandLine();
        ParseResult result = parse(line, words);
        if (result.matchedOptionValue("--version", false)) return new Invocation.Say("sojourn " + version + "\n");
        if (result.matchedOptionValue("--help", false)) return new Invocation.Say(line.getUsageMessage());
        if (!result.hasSubcommand()) throw new UsageError("Sojourn needs a command, such as run; 'sojourn --help' lists them.");
        ParseResult sub = result.subcommand();
        CommandLine subLine = sub.commandSpec().commandLine();
        if (sub.matchedOptionValue("--help", false)) return new Invocation.Say(subLine.getUsageMessage());
        boolean json = sub.commandSpec().findOption("--json") != null && sub.matchedOptionValue("--json", false);
        return switch (subLine.getCommandName()) {
            case "sojourn doctor" -> new Invocation.Doctor(json);
            case "sojourn matrix" -> matrix(sub, json);
            case "sojourn trace" -> trace(sub, json);
            case "sojourn machine" -> TypeArguments.machine(sub);
            case "sojourn probe" -> TypeArguments.probe(sub);
            case "sojourn run" -> runOrDetach(sub);
            case String name -> HostArguments.invocation(name.substring("sojourn ".length()), sub, json);
        };
    }

    private static ParseResult parse(CommandLine line, List<String> words) throws UsageError {
        try {
            return line.parseArgs(words.toArray(NONE));
        } catch (CommandLine.ParameterException e) {
            String sentence = e.getMessage().strip();
            throw new UsageError(sentence.endsWith(".") ? sentence : sentence + ".");
        }
    }

    private Invocation trace(ParseResult options, boolean json) throws UsageError {
        String calls = options.matchedOptionValue("--calls", json ? "10000" : "20");
        if (!calls.matches("[0-9]{1,6}")) {
            throw new UsageError("--calls needs a number up to 999999, not '" + calls + "'.");
        }
        return new Invocation.Trace(run(options, "trace"), json, Integer.parseInt(calls),
                options.matchedOptionValue("--all", false));
    }

    private static Invocation matrix(ParseResult options, boolean json) throws UsageError {
        Optional<Path> kernel = options.hasMatchedOption("--kernel")
                ? Optional.of(path("--kernel", options.matchedOptionValue("--kernel", ""))) : Optional.empty();
        List<String> interfaces = new ArrayList<>();
        for (String name : options.matchedOptionValue("--interface", NONE)) interfaces.add(guestInterface(name));
        Invocation.Limits limits = limits(options, false);
        int cpus = cpus(options.matchedOptionValue("--cpus", "2"));
        return new Invocation.Matrix(kernel, interfaces.isEmpty() ? Interfaces.names() : interfaces, limits.memoryBytes(),
                cpus, limits.engine(), limits.time().orElse(MATRIX_TIME_PER_BOOT), json);
    }

    private Invocation runOrDetach(ParseResult options) throws UsageError {
        Invocation.Run run = run(options, "run");
        Optional<SandboxName> name = options.hasMatchedOption("--name")
                ? Optional.of(HostArguments.name(options.matchedOptionValue("--name", ""))) : Optional.empty();
        if (!options.matchedOptionValue("--detach", false)) {
            if (name.isPresent()) throw new UsageError("--name needs --detach: only what stays on the host has a name.");
            return run;
        }
        if (run.repeatable().isPresent()) {
            throw new UsageError("--deterministic does not go with --detach: input comes at no time that could be repeated.");
        }
        if (!run.devices().equals(Devices.NONE)) throw new UsageError("--disk, --net and --share do not go with --detach yet.");
        if (options.hasMatchedOption("--machine")) throw new UsageError("--machine does not go with --detach yet.");
        return new Invocation.Detach(run, name, options.matchedOptionValue("--interactive", false));
    }

    /** @param name of the command, for its example */
    private Invocation.Run run(ParseResult options, String name) throws UsageError {
        boolean terminal = options.commandSpec().findOption("--terminal") != null
                && options.matchedOptionValue("--terminal", false);
        boolean verbose = options.matchedOptionValue("--verbose", false);
        boolean image = options.hasMatchedOption("--kernel");
        Invocation.What what = image ? image(options) : command(options, name);
        return new Invocation.Run(what, limits(options, image), terminal, verbose,
                repeatable(options, terminal), DeviceArguments.devices(options, image));
    }

    private static Optional<Invocation.Repeatable> repeatable(ParseResult options, boolean terminal) throws UsageError {
        if (!options.matchedOptionValue("--deterministic", false)) {
            for (String other : List.of("--seed", "--state-hashes")) {
                if (options.hasMatchedOption(other)) throw new UsageError(other + " needs --deterministic.");
            }
            return Optional.empty();
        }
        if (terminal) {
            throw new UsageError("--deterministic does not go with -t: keys come at no time that could be repeated.");
        }
        Optional<Path> hashes = options.hasMatchedOption("--state-hashes")
                ? Optional.of(path("--state-hashes", options.matchedOptionValue("--state-hashes", "")))
                : Optional.empty();
        return Optional.of(new Invocation.Repeatable(seed(options.matchedOptionValue("--seed", "0")), hashes));
    }

    private static long seed(String text) throws UsageError {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException _) {
            throw new UsageError("--seed needs a whole number from 0 to 18446744073709551615, not '" + text + "'.");
        }
    }

    private static Invocation.What image(ParseResult options) throws UsageError {
        for (String other : List.of("--rootfs", "--env", "--workdir")) {
            if (options.hasMatchedOption(other)) {
                throw new UsageError(other
                        + " belongs to a command in the default guest and does not go with --kernel.");
            }
        }
        if (options.hasMatchedPositional(0)) {
            throw new UsageError("A command runs in the default guest; give either --kernel or a command.");
        }
        String commandLine = options.matchedOptionValue("--cmdline", "console=ttyS0");
        Optional<Path> initialRoot = options.hasMatchedOption("--initrd")
                ? Optional.of(path("--initrd", options.matchedOptionValue("--initrd", ""))) : Optional.empty();
        return new Invocation.What.Image(path("--kernel", options.matchedOptionValue("--kernel", "")), initialRoot,
                commandLine);
    }

    private Invocation.What command(ParseResult options, String name) throws UsageError {
        for (String other : List.of("--initrd", "--cmdline")) {
            if (options.hasMatchedOption(other)) throw new UsageError(other + " needs --kernel.");
        }
        int count = options.matchedPositionalValue(0, NONE).length;
        if (count == 0) {
            throw new UsageError("What shall run? Give a command, for example: sojourn " + name + " -- uname -a");
        }
        String directory = options.matchedOptionValue("--workdir", "/");
        if (!directory.startsWith("/") || directory.indexOf(0) >= 0) {
            throw new UsageError("--workdir needs an absolute path in the guest, not '" + directory + "'.");
        }
        List<Path> overlays = new ArrayList<>();
        for (String overlay : options.matchedOptionValue("--rootfs", NONE)) overlays.add(path("--rootfs", overlay));
        return new Invocation.What.Command(raw.subList(raw.size() - count, raw.size()),
                variables(options.matchedOptionValue("--env", NONE)), directory, overlays);
    }

    private List<Guest.Variable> variables(String[] settings) throws UsageError {
        List<Guest.Variable> variables = new ArrayList<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new UsageError("--env needs NAME=VALUE with a name of letters, digits and underscores, not '"
                        + setting + "'.");
            }
            if (equals >= 0) {
                variables.add(new Guest.Variable(name, setting.substring(equals + 1)));
            } else if (environment.containsKey(name)) {
                variables.add(new Guest.Variable(name, environment.get(name)));
            }
        }
        return variables;
    }

    private static Invocation.Limits limits(ParseResult options, boolean image) throws UsageError {
        long memory = options.hasMatchedOption("--memory") ? memory(options.matchedOptionValue("--memory", ""), image)
                : SandboxSpec.MEMORY_BYTES_DEFAULT;
        Optional<Duration> time = options.hasMatchedOption("--timeout")
                ? Optional.of(Quantities.duration("--timeout", options.matchedOptionValue("--timeout", "")))
                : Optional.empty();
        String guestInterface = options.commandSpec().findOption("--interface").isMultiValue() ? "native"
                : guestInterface(options.matchedOptionValue("--interface", "native"), options.matchedOptionValue("--blob", ""));
        EngineKind engine = engine(options.matchedOptionValue("--engine", "translator"));
        return new Invocation.Limits(TypeArguments.type(options), memory, cpus(options.matchedOptionValue("--cpus", "1")), engine,
                guestInterface, time);
    }

    private static String guestInterface(String name) throws UsageError {
        if (Interfaces.find(name).isEmpty()) {
            throw new UsageError("--interface needs one of " + String.join(", ", Interfaces.names()) + ", not '" + name
                    + "'.");
        }
        return name;
    }

    /** @param blob the variant of the interface that is asked for, empty for its own choice */
    private static String guestInterface(String name, String blob) throws UsageError {
        GuestInterface chosen = Interfaces.find(guestInterface(name)).orElseThrow();
        if (blob.isEmpty()) return name;
        List<String> variants = chosen.variants();
        if (variants.isEmpty()) throw new UsageError("--blob goes with --interface vmi, not with " + name + ".");
        String variant = name + Interfaces.VARIANT_MARK + blob;
        if (Interfaces.find(variant).isEmpty()) {
            String why = chosen.refusal(blob);
            throw new UsageError("--blob needs one of " + String.join(", ", variants) + ", not '" + blob + "'"
                    + (why.isEmpty() ? "." : ": " + why + "."));
        }
        return variant;
    }

    static EngineKind engine(String name) throws UsageError {
        return switch (name) {
            case "interpreter" -> EngineKind.INTERPRETER;
            case "translator" -> EngineKind.TRANSLATOR;
            case "verify" -> EngineKind.VERIFY;
            default -> throw new UsageError(
                    "--engine needs the name of an engine, which is interpreter, translator or verify, not '" + name + "'.");
        };
    }

    private static long memory(String text, boolean image) throws UsageError {
        long bytes = Quantities.bytes("--memory", text);
        long least = image ? SandboxSpec.MEMORY_BYTES_MIN : SandboxSpec.DEFAULT_GUEST_MEMORY_BYTES_MIN;
        if (bytes < least) {
            throw new UsageError("--memory " + text + " is too little: " + (image ? "a guest" : "the default guest")
                    + " needs at least " + Quantities.sizeText(least) + ".");
        }
        if (bytes > SandboxSpec.MEMORY_BYTES_MAX) {
            throw new UsageError("--memory " + text + " is too much: a guest has at most "
                    + Quantities.sizeText(SandboxSpec.MEMORY_BYTES_MAX) + ".");
        }
        if (bytes % SandboxSpec.MIB != 0) {
            throw new UsageError("--memory needs whole mebibytes, such as 256M, not '" + text + "'.");
        }
        return bytes;
    }

    private static int cpus(String text) throws UsageError {
        if (!text.matches("[1-" + SandboxSpec.CPUS_MAX + "]")) {
            throw new UsageError("--cpus needs a number from 1 to " + SandboxSpec.CPUS_MAX + ", not '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    static Path path(String option, String text) throws UsageError {
        if (text.isEmpty()) throw new UsageError(option + " needs a path.");
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            throw new UsageError(option + " needs a path, not '" + text + "'.");
        }
    }
}
