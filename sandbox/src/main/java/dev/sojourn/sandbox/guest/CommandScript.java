package dev.sojourn.sandbox.guest;

import dev.sojourn.sandbox.Guest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shell script that becomes the user's command.
 *
 * <p>It clears the environment, sets the command's own, goes to its directory, finds it as a shell would and replaces
 * itself by it. It looks along the path itself, and calls by full path with the name as given, because the default
 * guest's shell would otherwise prefer its own built-in programs to those of a root laid over it.
 */
final class CommandScript {
    private static final String FIND = """
            case $_sojourn_command in
            '') echo 'sojourn: the command is empty' >&2; exit 127 ;;
            */*) _sojourn_program=$_sojourn_command ;;
            *)
                _sojourn_program=
                _sojourn_found=
                _sojourn_rest=$PATH:
                while [ -n "$_sojourn_rest" ]; do
                    _sojourn_directory=${_sojourn_rest%%:*}
                    _sojourn_rest=${_sojourn_rest#*:}
                    _sojourn_candidate=${_sojourn_directory:-.}/$_sojourn_command
                    if [ -f "$_sojourn_candidate" ]; then
                        _sojourn_found=$_sojourn_candidate
                        if [ -x "$_sojourn_candidate" ]; then _sojourn_program=$_sojourn_candidate; break; fi
                    fi
                done
                _sojourn_program=${_sojourn_program:-$_sojourn_found}
                ;;
            esac
            _sojourn_end() { printf 'sojourn: %s: %s\\n' "$_sojourn_command" "$2" >&2; exit "$1"; }
            [ -n "$_sojourn_program" ] && [ -e "$_sojourn_program" ] || _sojourn_end 127 'not found'
            [ ! -d "$_sojourn_program" ] || _sojourn_end 126 'is a directory'
            [ -x "$_sojourn_program" ] || _sojourn_end 126 'permission denied'
            """;

    private CommandScript() {}

    static byte[] of(List<byte[]> arguments, List<Guest.Variable> variables, String workingDirectory,
            boolean terminal) {
        Map<String, String> environment = environment(terminal);
        variables.forEach(variable -> environment.put(variable.name(), variable.value()));
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        line(script, "unset HOME LOGNAME OLDPWD PWD SHLVL TERM USER");
        line(script, "cd ", word(workingDirectory),
                " 2>/dev/null || { echo 'sojourn: the guest has no such working directory' >&2; exit 125; }");
        line(script, "unset OLDPWD PWD");
        environment.forEach((name, value) -> line(script, "export " + name + "=", word(value), ""));
        line(script, "_sojourn_command=", ShellQuote.word(arguments.getFirst()), "");
        line(script, FIND);
        script.writeBytes("exec -a \"$_sojourn_command\" \"$_sojourn_program\"".getBytes(StandardCharsets.US_ASCII));
        for (byte[] argument : arguments.subList(1, arguments.size())) {
            script.write(' ');
            script.writeBytes(ShellQuote.word(argument));
        }
        script.write('\n');
        return script.toByteArray();
    }

    private static Map<String, String> environment(boolean terminal) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", "/root");
        if (terminal) environment.put("TERM", "xterm");
        return environment;
    }

    private static byte[] word(String text) { return ShellQuote.word(text.getBytes(StandardCharsets.UTF_8)); }

    private static void line(ByteArrayOutputStream script, String text) {
        script.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void line(ByteArrayOutputStream script, String before, byte[] word, String after) {
        script.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        script.writeBytes(word);
        line(script, after);
    }
}
