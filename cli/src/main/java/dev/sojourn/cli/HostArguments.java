package dev.sojourn.cli;

import dev.sojourn.cli.Invocation.OnHost;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
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
            case "stop" -> new OnHost.Stop(names(command, options), timeout(options));
            case "rm" -> new OnHost.Remove(names(command, options), options.matchedOptionValue("--force", false));
            default -> throw new AssertionError(command);
        };
    }

    static SandboxName name(String text) throws UsageError {
        if (SandboxName.isOne(text)) return new SandboxName(text);
        throw new UsageError("A sandbox's name is made of 1 to 63 small letters, digits and dashes, unlike '" + text + "'.");
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
