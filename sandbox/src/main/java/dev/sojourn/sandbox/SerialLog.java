package dev.sojourn.sandbox;

import dev.sojourn.device.ByteSink;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last lines a guest said on its serial line, and whether its kernel panicked.
 *
 * <p>Bounded in lines and in line length. Written by the machine thread, read by any.
 */
final class SerialLog implements ByteSink {
    /** Enough for a panic with its registers and its trace. */
    static final int LINES_MAX = 100;

    static final int LINE_BYTES_MAX = 400;

    private static final String PANIC = "Kernel panic - not syncing";
    private static final String PANIC_END = "---[ end " + PANIC;

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final byte[] line = new byte[LINE_BYTES_MAX];
    private final Runnable panicComplete;
    private int length;
    private int panicLine = -1;
    private boolean panicEnded;

    /** @param panicComplete run once, when a panicking kernel has said all it has to say */
    SerialLog(Runnable panicComplete) { this.panicComplete = panicComplete; }

    @Override public synchronized void write(byte[] source, int offset, int length) {
        for (int i = offset; i < offset + length; i++) accept(source[i]);
    }

    synchronized boolean panicked() { return panicLine >= 0 || current().contains(PANIC); }

    /** The last lines; after a panic, those from shortly before it on. */
    synchronized List<String> lastLines() {
        List<String> all = new ArrayList<>(lines);
        if (length > 0) all.add(current());
        int from = panicLine >= 0 ? Math.max(0, panicLine - 4) : Math.max(0, all.size() - 10);
        return List.copyOf(all.subList(from, all.size()));
    }

    synchronized void save(StateWriter out) {
        out.list("lines", List.copyOf(lines), (each, text) -> each.text("text", text));
        out.bytes("line", Arrays.copyOf(line, length)).number("panic-line", panicLine).flag("panic-ended", panicEnded);
    }

    synchronized void restore(StateReader in) throws BadState {
        for (StateReader each : in.list("lines", LINES_MAX)) lines.addLast(each.text("text", 4 * LINE_BYTES_MAX));
        byte[] begun = in.bytes("line", LINE_BYTES_MAX);
        System.arraycopy(begun, 0, line, 0, begun.length);
        length = begun.length;
        panicLine = in.number("panic-line", -1, lines.size() - 1);
        panicEnded = in.flag("panic-ended");
    }

    private void accept(byte b) {
        if (b == '\n') {
            endLine();
        } else if (b != '\r' && length < LINE_BYTES_MAX) {
            line[length++] = b;
        }
    }

    private void endLine() {
        String text = current();
        length = 0;
        if (text.isBlank()) return;
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
            if (panicLine > 0) panicLine--;
        }
        lines.addLast(text);
        if (panicLine < 0 && text.contains(PANIC)) panicLine = lines.size() - 1;
        if (!panicEnded && text.contains(PANIC_END)) {
            panicEnded = true;
            panicComplete.run();
        }
    }

    /** The line so far, safe to be shown on a terminal. */
    private String current() {
        StringBuilder text = new StringBuilder(length);
        new String(line, 0, length, StandardCharsets.UTF_8).codePoints()
                .map(c -> c == '\t' ? ' ' : c).filter(c -> !Character.isISOControl(c)).forEach(text::appendCodePoint);
        return text.toString();
    }
}
