package dev.sojourn.interfaces.xen;

import java.util.ArrayList;
import java.util.List;

/**
 * The grants of a domain, version 1 (public/grant_table.h): which of its frames it lets which other domain use.
 *
 * <p>An entry: u16 flags, u16 domain, u32 frame. The guest writes it, and may rewrite it at any time; we set the flags that
 * say a frame is in use, as long as it is.
 */
public final class GrantTable {
    public static final int FRAMES_MAX = 64;

    private static final int FRAME_ENTRIES = 512;
    private static final int ENTRY_BYTES = 8;
    private static final int TYPE = 3;
    private static final int PERMIT_ACCESS = 1;
    private static final int READ_ONLY = 1 << 2;
    private static final int READING = 1 << 3;
    private static final int WRITING = 1 << 4;

    private final List<GrantFrame> frames = new ArrayList<>();

    public int frames() { return frames.size(); }

    public void add(GrantFrame frame) { frames.add(frame); }

    /** Puts a frame in another's place, with its content. */
    public void replace(int index, GrantFrame frame) {
        GrantFrame old = frames.get(index);
        for (int i = 0; i < FRAME_ENTRIES * ENTRY_BYTES; i += 4) {
            frame.putInt(i, old.getInt(i));
        }
        frames.set(index, frame);
    }

    /** Puts a frame in another's place, with its own content. */
    public void put(int index, GrantFrame frame) { frames.set(index, frame); }

    /** The frames that are not in RAM, each at its index; null at the others. */
    public List<GrantFrame.Held> held() {
        List<GrantFrame.Held> held = new ArrayList<>();
        frames.forEach(frame -> held.add(frame instanceof GrantFrame.Held own ? own : null));
        return held;
    }

    private GrantFrame of(int reference) { return frames.get(reference / FRAME_ENTRIES); }

    private static int offset(int reference) { return reference % FRAME_ENTRIES * ENTRY_BYTES; }

    /** Fills in an entry, as the builder of a domain does for console and store. */
    public void grant(int reference, long frame) {
        of(reference).putInt(offset(reference) + 4, (int) frame);
        of(reference).putInt(offset(reference), PERMIT_ACCESS);
    }

    /** Takes a frame into use that domain 0 may write. @return the frame; -1 if there is no such grant */
    long map(long reference) {
        if (reference < 0 || reference >= (long) frames.size() * FRAME_ENTRIES) {
            return -1;
        }
        int at = offset((int) reference);
        GrantFrame frame = of((int) reference);
        int entry = frame.getInt(at);
        if ((entry & TYPE) != PERMIT_ACCESS || entry >>> 16 != 0 || (entry & READ_ONLY) != 0) {
            return -1;
        }
        frame.putInt(at, entry | READING | WRITING);
        return frame.getInt(at + 4) & 0xffff_ffffL;
    }

    void unmap(long reference) {
        if (reference >= 0 && reference < (long) frames.size() * FRAME_ENTRIES) {
            GrantFrame frame = of((int) reference);
            frame.putInt(offset((int) reference), frame.getInt(offset((int) reference)) & ~(READING | WRITING));
        }
    }
}
