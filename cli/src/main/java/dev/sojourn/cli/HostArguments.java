package dev.sojourn.cli;

import dev.sojourn.cli.Invocation.OnHost;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ParseResult;

/** The part of {@link Arguments} for the host and the commands that talk to it. */
final class HostArguments {
    private static final String[] NONE = {};
    private static final Pattern LISTEN = Pattern.compile("(?:(.*):)?([0-9]{1,5})");
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "[::1]");
    private static final int PORT_MAX = 0xffff;

    private HostArguments() {}

    /** @param command its name */
    static Invocation invocation(String command, ParseResult options, boolean json) throws UsageError {
        return switch (command) {
            case "host" -> host(options);
            case "ps" -> new OnHost.Ps(json);
            case "events" -> new OnHost.Events(json);
            case "top" -> new OnHost.Top(json);
            case "console" -> new OnHost.Console();
            case "logs" -> new OnHost.Logs(one(command, options), options.matchedOptionValue("--follow", false), tail(options), json);
            case "wait" -> new OnHost.Wait(one(command, options));
            case "attach" -> new OnHost.Attach(one(command, options));
            case "pause" -> new OnHost.Pause(names(command, options));
            case "resume" -> new OnHost.Resume(names(command, options));
            case "snapshot" -> snapshot(options, json);
            case "restore" -> restore(options);
            case "clone" -> new OnHost.Clone(one(command, options), count(options));
            case "stop" -> new OnHost.Stop(names(command, options), timeout(options));
            case "migrate" -> migrate(options, json);
            case "rm" -> new OnHost.Remove(names(command, options), options.matchedOptionValue("--force", false));
            default -> throw new AssertionError(command);
        };
    }

    static SandboxName name(String text) throws UsageError {
        if (SandboxName.isOne(text)) return new SandboxName(text);
        throw new UsageError("A sandbox's name is made of 1 to 63 small letters, digits and dashes, unlike '" + text + "'.");
    }

    private static Invocation snapshot(ParseResult options, boolean json) throws UsageError {
        String[] words = options.matchedPositionalValue(0, NONE);
        if (words.length != 2) throw new UsageError("Of which sandbox, into which file? For example: sojourn snapshot web web.snap");
        Path file = Arguments.path("snapshot", words[1]);
        if (words[0].equals("verify")) return new Invocation.VerifySnapshot(file, json);
        if (json) throw new UsageError("--json goes with 'sojourn snapshot verify'.");
        return new OnHost.Snapshot(name(words[0]), file.toAbsolutePath());
    }

    private static Invocation restore(ParseResult options) throws UsageError {
        String[] words = options.matchedPositionalValue(0, NONE);
        if (words.length != 1) throw new UsageError("From which file? For example: sojourn restore web.snap --name web2");
        Optional<SandboxName> name = options.hasMatchedOption("--name") ? Optional.of(name(options.matchedOptionValue("--name", "")))
                : Optional.empty();
        Optional<Duration> limit = options.hasMatchedOption("--timeout")
                ? Optional.of(Quantities.duration("--timeout", options.matchedOptionValue("--timeout", ""))) : Optional.empty();
        return new OnHost.Restore(Arguments.path("restore", words[0]).toAbsolutePath(), name,
                Arguments.engine(options.matchedOptionValue("--engine", "translator")), limit);
    }

    private static int count(ParseResult options) throws UsageError {
        String text = options.matchedOptionValue("--count", "1");
        if (text.matches("[1-9][0-9]{0,2}") && Integer.parseInt(text) <= HostCommand.Clone.COUNT_MAX) return Integer.parseInt(text);
        throw new UsageError("--count needs a number from 1 to " + HostCommand.Clone.COUNT_MAX + ", not '" + text + "'.");
    }

    private static Invocation host(ParseResult options) throws UsageError {
        boolean force = options.matchedOptionValue("--force", false);
        if (options.matchedOptionValue("--stop", false)) return new OnHost.EndHost(force);
        if (force) throw new UsageError("--force needs --stop.");
        Optional<Duration> idle = options.hasMatchedOption("--idle")
                ? Optional.of(Quantities.duration("--idle", options.matchedOptionValue("--idle", ""))) : Optional.empty();
        Optional<Long> memory = options.hasMatchedOption("--memory-limit")
                ? Optional.of(Quantities.bytes("--memory-limit", options.matchedOptionValue("--memory-limit", ""))) : Optional.empty();
        Optional<Integer> port = options.hasMatchedOption("--listen") ? Optional.of(port(options.matchedOptionValue("--listen", "")))
                : Optional.empty();
        return new Invocation.Host(port, options.matchedOptionValue("--background", false), idle, memory);
    }

    private static int port(String text) throws UsageError {
        Matcher listen = LISTEN.matcher(text);
        if (!listen.matches() || Integer.parseInt(listen.group(2)) > PORT_MAX) {
            throw new UsageError("--listen needs an address and a port, such as 127.0.0.1:7600, not '" + text + "'.");
        }
        if (listen.group(1) != null && !LOOPBACK.contains(listen.group(1))) {
            throw new UsageError("The host listens at 127.0.0.1 only, not at '" + listen.group(1)
                    + "': it has no TLS yet; 'ssh -L' brings the port to another computer.");
        }
        return Integer.parseInt(listen.group(2));
    }

    private static Optional<Integer> tail(ParseResult options) throws UsageError {
        if (!options.hasMatchedOption("--tail")) return Optional.empty();
        String text = options.matchedOptionValue("--tail", "");
        if (!text.matches("[0-9]{1,5}")) throw new UsageError("--tail needs a number up to 99999, not '" + text + "'.");
        return Optional.of(Integer.parseInt(text));
    }

    private static Duration timeout(ParseResult options) throws UsageError {
        if (!options.hasMatchedOption("--timeout")) return HostCommand.Stop.TIMEOUT_DEFAULT;
        String text = options.matchedOptionValue("--timeout", "");
        if (text.matches("0(ms|s|m|h)?")) return Duration.ZERO;
        Duration timeout = Quantities.duration("--timeout", text);
        if (timeout.compareTo(HostCommand.Stop.TIMEOUT_MAX) > 0) throw new UsageError("--timeout may be at most 1h.");
        return timeout;
    }

    private static Invocation migrate(ParseResult options, boolean json) throws UsageError {
        String[] words = options.matchedPositionalValue(0, NONE);
        if (words.length != 2 || !HostCommand.Migrate.isTarget(words[1])) {
            throw new UsageError("Which sandbox, and where to? For example: sojourn migrate web 127.0.0.1:7601");
        }
        Duration downtime = options.hasMatchedOption("--max-downtime")
                ? Quantities.duration("--max-downtime", options.matchedOptionValue("--max-downtime", "")) : HostCommand.Migrate.DOWNTIME_DEFAULT;
        if (downtime.compareTo(HostCommand.Migrate.DOWNTIME_MAX) > 0) throw new UsageError("--max-downtime may be at most 1m.");
        Optional<Long> bandwidth = options.hasMatchedOption("--bandwidth")
                ? Optional.of(Quantities.bytes("--bandwidth", options.matchedOptionValue("--bandwidth", ""))) : Optional.empty();
        return new OnHost.Migrate(name(words[0]), words[1], downtime, bandwidth, json);
    }

    private static SandboxName one(String command, ParseResult options) throws UsageError {
        List<SandboxName> names = names(command, options);
        if (names.size() == 1) return names.getFirst();
        throw new UsageError("sojourn " + command + " takes one name.");
    }

    private static List<SandboxName> names(String command, ParseResult options) throws UsageError {
        List<SandboxName> names = new ArrayList<>();
        for (String text : options.matchedPositionalValue(0, NONE)) names.add(name(text));
        if (names.isEmpty()) throw new UsageError("Which sandbox? For example: sojourn " + command + " web");
        return names;
    }
}
