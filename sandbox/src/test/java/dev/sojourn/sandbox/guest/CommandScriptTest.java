package dev.sojourn.sandbox.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sojourn.sandbox.Guest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the script through real shells: the default guest's own, where this host has it, and bash. */
class CommandScriptTest {
    @TempDir private Path folder;

    static Stream<List<String>> shells() {
        return Stream.of(List.of("/usr/bin/busybox", "sh"), List.of("/bin/busybox", "sh"),
                List.of("/bin/bash", "--posix"))
                .filter(shell -> Files.isExecutable(Path.of(shell.getFirst())));
    }

    @ParameterizedTest @MethodSource("shells")
    void everyByteOfEveryArgumentArrives(List<String> shell) throws Exception {
        byte[] all = new byte[255];
        for (int i = 0; i < all.length; i++) all[i] = (byte) (i + 1);
        List<byte[]> arguments = new ArrayList<>(List.of(bytes("printf"), bytes("%s\\0"), all, bytes(""), bytes("'"),
                bytes("''\\''"),
                bytes("\n"), bytes("-n"), bytes("*"), bytes("$HOME `id` \\"), bytes(" trailing \n\n")));
        Random random = new Random(5);
        for (int i = 0; i < 40; i++) {
            byte[] argument = new byte[random.nextInt(60)];
            for (int j = 0; j < argument.length; j++) argument[j] = (byte) (1 + random.nextInt(255));
            arguments.add(argument);
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (byte[] argument : arguments.subList(2, arguments.size())) {
            expected.writeBytes(argument);
            expected.write(0);
        }
        assertArrayEquals(expected.toByteArray(), run(shell, arguments, List.of(), "/", 0));
    }

    @ParameterizedTest @MethodSource("shells")
    void environmentIsMinimalAndAsGiven(List<String> shell) throws Exception {
        byte[] output = run(shell, words("env"), List.of(new Guest.Variable("A", "x 'y'\n\"z\""),
                new Guest.Variable("HOME", "/h")),
                "/", 0);
        assertEquals("A=x 'y'\n\"z\"\nHOME=/h\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
                sorted(output));
    }

    @ParameterizedTest @MethodSource("shells")
    void statusIsTheCommands(List<String> shell) throws Exception {
        run(shell, words("sh", "-c", "exit 7"), List.of(), "/", 7);
    }

    @ParameterizedTest @MethodSource("shells")
    void nameIsAsGivenAndDirectoryIsTheOneAsked(List<String> shell) throws Exception {
        assertEquals("sh " + folder.toRealPath() + "\n",
                text(run(shell, words("sh", "-c", "echo $0 $(pwd)"), List.of(), folder.toRealPath().toString(), 0)));
    }

    @ParameterizedTest @MethodSource("shells")
    void missingCommandIs127(List<String> shell) throws Exception {
        assertEquals("sojourn: no such: not found\n", text(run(shell, words("no such"), List.of(), "/", 127)));
        assertEquals("sojourn: /no/such: not found\n", text(run(shell, words("/no/such"), List.of(), "/", 127)));
        assertEquals("sojourn: the command is empty\n", text(run(shell, words(""), List.of(), "/", 127)));
    }

    @ParameterizedTest @MethodSource("shells")
    void commandThatCannotRunIs126(List<String> shell) throws Exception {
        assertEquals("sojourn: /etc: is a directory\n", text(run(shell, words("/etc"), List.of(), "/", 126)));
        assertEquals("sojourn: /etc/passwd: permission denied\n",
                text(run(shell, words("/etc/passwd"), List.of(), "/", 126)));
        Files.writeString(folder.resolve("plain"), "");
        List<Guest.Variable> path = List.of(new Guest.Variable("PATH", "/nowhere:" + folder));
        assertEquals("sojourn: plain: permission denied\n", text(run(shell, words("plain"), path, "/", 126)));
    }

    @ParameterizedTest @MethodSource("shells")
    void missingDirectoryIs125(List<String> shell) throws Exception {
        assertEquals("sojourn: the guest has no such working directory\n",
                text(run(shell, words("true"), List.of(), "/no/such", 125)));
    }

    @ParameterizedTest @MethodSource("shells")
    void firstProcessIsSoundShell(List<String> shell) throws Exception {
        Path init = folder.resolve("init");
        Files.write(init, CommandScriptTest.class.getResourceAsStream("init.sh").readAllBytes());
        List<String> line = new ArrayList<>(shell);
        line.addAll(List.of("-n", init.toString()));
        assertEquals(0, new ProcessBuilder(line).inheritIO().start().waitFor());
    }

    @Test void zeroByteIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ShellQuote.word(new byte[] {'a', 0}));
    }

    private byte[] run(List<String> shell, List<byte[]> arguments, List<Guest.Variable> variables, String directory,
            int status)
            throws IOException, InterruptedException {
        Path script = Files.write(folder.resolve("command"), CommandScript.of(arguments, variables, directory, false));
        List<String> line = new ArrayList<>(shell);
        line.add(script.toString());
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("HOME", "PATH", "TERM", "PWD"));
        Process process = builder.start();
        byte[] output = process.getInputStream().readAllBytes();
        assertEquals(status, process.waitFor(), text(output));
        return output;
    }

    private static List<byte[]> words(String... words) { return Stream.of(words).map(CommandScriptTest::bytes)
            .toList(); }

    private static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    private static String text(byte[] bytes) { return new String(bytes, StandardCharsets.UTF_8); }

    /** Variables by name; a value's own lines stay behind it. Bash always adds two of its own. */
    private static String sorted(byte[] environment) {
        return Stream.of(text(environment).split("\n(?=[A-Z_]+=)")).map(String::stripTrailing)
                .filter(variable -> !variable.matches("(_|SHLVL)=.*")).sorted()
                .reduce("", (all, variable) -> all + variable + "\n");
    }
}
