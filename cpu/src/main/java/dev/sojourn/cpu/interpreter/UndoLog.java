package dev.sojourn.cpu.interpreter;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.Raw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pages written in a stretch of a run: what they held before, and after a first attempt at it. */
final class UndoLog implements GuestMemory.WriteLog {
    private static final class Saved {
        private long page;
        private long host;
        private final byte[] before = new byte[GuestMemory.PAGE_BYTES];
        private final byte[] after = new byte[GuestMemory.PAGE_BYTES];
    }

    private final Map<Long, Saved> byPage = new HashMap<>();
    private final List<Saved> spare = new ArrayList<>();
    private final byte[] now = new byte[GuestMemory.PAGE_BYTES];

    void clear() {
        spare.addAll(byPage.values());
        byPage.clear();
    }

    @Override
    public void beforeWrite(long page, long host) {
        if (!byPage.containsKey(page)) {
            Saved saved = spare.isEmpty() ? new Saved() : spare.removeLast();
            saved.page = page;
            saved.host = host;
            Raw.copyOut(host, saved.before, 0, GuestMemory.PAGE_BYTES);
            System.arraycopy(saved.before, 0, saved.after, 0, GuestMemory.PAGE_BYTES);
            byPage.put(page, saved);
        }
    }

    /** Ends the first attempt: keeps what it wrote, and puts memory back. */
    void undoFirst() {
        for (Saved saved : byPage.values()) {
            Raw.copyOut(saved.host, saved.after, 0, GuestMemory.PAGE_BYTES);
        }
        undo();
    }

    void undo() {
        for (Saved saved : byPage.values()) {
            Raw.copyIn(saved.before, 0, saved.host, GuestMemory.PAGE_BYTES);
        }
    }

    /** Each byte that is not what the first attempt left: physical address, byte there, byte now. */
    String differences() {
        StringBuilder text = new StringBuilder();
        for (Saved saved : byPage.values()) {
            Raw.copyOut(saved.host, now, 0, GuestMemory.PAGE_BYTES);
            for (int at = Arrays.mismatch(saved.after, now); at >= 0 && at < now.length; at++) {
                if (saved.after[at] != now[at]) {
                    text.append("memory %x %02x %02x%n".formatted(saved.page + at, saved.after[at], now[at]));
                }
            }
        }
        return text.toString();
    }
}
