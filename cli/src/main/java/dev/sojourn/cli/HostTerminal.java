package dev.sojourn.cli;

import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.BiConsumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import sun.misc.Signal;

/** The terminal this program was started in, handed over to the guest: every key as it is, every byte as it comes. */
final class HostTerminal implements AutoCloseable {
    private final Terminal terminal;
    private final Attributes original;

    /** Takes the terminal over. */
    HostTerminal() throws SandboxError {
        if (!isTerminal(0) || !isTerminal(1)) {
            throw new SandboxError("-t needs a terminal, but standard input or output is none; leave -t out.");
        }
        try {
            terminal = TerminalBuilder.builder().system(true).provider("exec").dumb(false).nativeSignals(false).build();
        } catch (IOException e) {
            throw new SandboxError("The terminal cannot be set up: " + e.getMessage() + "; leave -t out.");
        }
        original = terminal.getAttributes();
        terminal.setAttributes(raw(original));
    }

    /** Reports the window's size now and whenever it changes. */
    void watchSize(BiConsumer<Integer, Integer> columnsAndRows) {
        report(columnsAndRows);
        Signal.handle(new Signal("WINCH"), _ -> report(columnsAndRows));
    }

    @Override public void close() { terminal.setAttributes(original); }

    /** Whether a file descriptor of this process is a terminal. */
    static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }

    private void report(BiConsumer<Integer, Integer> columnsAndRows) {
        Size size = terminal.getSize();
        if (size.getColumns() > 0 && size.getRows() > 0) columnsAndRows.accept(size.getColumns(), size.getRows());
    }

    private static Attributes raw(Attributes original) {
        Attributes raw = new Attributes(original);
        raw.setInputFlags(EnumSet.of(InputFlag.BRKINT, InputFlag.ICRNL, InputFlag.IGNCR, InputFlag.INLCR,
                InputFlag.INPCK,
                InputFlag.ISTRIP, InputFlag.IXON, InputFlag.IXOFF), false);
        raw.setLocalFlags(EnumSet.of(LocalFlag.ECHO, LocalFlag.ICANON, LocalFlag.IEXTEN, LocalFlag.ISIG), false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        return raw;
    }
}
