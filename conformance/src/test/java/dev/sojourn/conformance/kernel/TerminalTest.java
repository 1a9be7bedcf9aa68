package dev.sojourn.conformance.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A command with a terminal: {@code sojourn run -it}. */
class TerminalTest {
    private static final long SECONDS_MAX = 120;

    @Test void keysSizeAndSettingsGoBothWays() throws IOException, InterruptedException {
        try (PseudoTerminal terminal = new PseudoTerminal(91, 37)) {
            String settings = terminal.settings();
            Process process = terminal.start(Launcher.built().builder("run", "-it", "--", "sh"));
            terminal.await("# ", SECONDS_MAX);
            terminal.type("stty size; tty; echo $((6 * 7)) is it\n");
            terminal.await("37 91", SECONDS_MAX);
            terminal.await("/dev/hvc0", SECONDS_MAX);
            terminal.await("42 is it", SECONDS_MAX);
            terminal.resize(120, 50);
            terminal.type("while sleep 0.1; do stty size; done\n");
            terminal.await("50 120", SECONDS_MAX);
            terminal.type("\003");
            terminal.type("echo interrupted $((100 + 1)); exit 3\n");
            terminal.await("interrupted 101", SECONDS_MAX);
            assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS), terminal::screen);
            assertEquals(3, process.exitValue(), terminal::screen);
            assertEquals(settings, terminal.settings());
        }
    }

    @Test void threeEscapeKeysEndTheGuestAndRestoreTheTerminal() throws IOException, InterruptedException {
        try (PseudoTerminal terminal = new PseudoTerminal(80, 25)) {
            String settings = terminal.settings();
            Process process = terminal.start(Launcher.built().builder("run", "-it", "--", "sh", "-c",
                    "trap '' INT; echo rea''dy; while :; do sleep 1; done"));
            terminal.await("ready", SECONDS_MAX);
            terminal.type("\035\035\035");
            assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS), terminal::screen);
            assertEquals(130, process.exitValue(), terminal::screen);
            assertEquals(settings, terminal.settings());
        }
    }
}
