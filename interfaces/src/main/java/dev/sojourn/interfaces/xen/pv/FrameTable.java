package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What each machine frame of the guest is used as, counted: a page table of one of four levels, a page of descriptors, or
 * something that is mapped for writing. A frame has one use at a time, so that no page table and no descriptor is ever
 * writable by the guest.
 *
 * <p>Implementation notes. An entry of a table in use holds a use of the frame it names: a leaf that allows writes one as
 * {@link #WRITABLE}, an upper entry one as a table. A frame becomes a table when the first use of it as one begins; then all
 * its entries are checked and take their uses, and if one cannot, those taken are given back. It stops being one with the last
 * use. A frame that was writable may still be so by a translation the guest has not dropped: {@link Protector} drops those before
 * the frame becomes anything else. The work is bounded by the number of frames, each of which becomes a table once in a call.
 */
final class FrameTable {
    static final int NONE = 0;
    static final int SEGMENTS = 5;
    static final int WRITABLE = 6;

    /** The first slot of a top table that is the hypervisor's, and the first behind those. */
    static final int HOLE_FIRST = 256;
    static final int HOLE_END = 272;

    /** Drops what lets a frame be written, on all vCPUs. */
    interface Protector {
        void protect(long physicalPage);
    }

    private final GuestMemory memory;
    private final MachineFrames frames;
    private final Protector protector;
    private final byte[] use;
    private final int[] count;
    private final boolean[] pinned;
    /** When the last writable use ended, in flushes. */
    private final int[] writableUntil;
    private int flushes = 1;
    private long changes;
    private long[] hole = new long[HOLE_END - HOLE_FIRST];

    FrameTable(GuestMemory memory, MachineFrames frames, Protector protector) {
        this.memory = memory;
        this.frames = frames;
        this.protector = protector;
        use = new byte[frames.end];
        count = new int[frames.end];
        pinned = new boolean[frames.end];
        writableUntil = new int[frames.end];
    }

    /** The hypervisor's entries of every top table. */
    void hole(int slot, long entry) { hole[slot - HOLE_FIRST] = entry; }

    /** What a frame is in use as; {@link #NONE} if it is not, or is not the guest's. */
    int use(long frame) { return frames.isGuest(frame) && count[(int) frame] > 0 ? use[(int) frame] : NONE; }

    private static boolean isTable(int use) { return use >= 1 && use <= 4; }

    boolean isPinned(int frame) { return pinned[frame]; }

    /** Begins a use. @return false if the frame has another, or cannot be used so */
    boolean get(long number, int wanted) {
        if (!frames.isGuest(number)) {
            return false;
        }
        int frame = (int) number;
        if (count[frame] > 0) {
            if (use[frame] != wanted) {
                return false;
            }
            count[frame]++;
            return true;
        }
        if (wanted != WRITABLE && writableUntil[frame] == flushes) {
            protector.protect(MachineFrames.address(frame));
        }
        use[frame] = (byte) wanted;
        count[frame] = 1;
        if (isTable(wanted) && !begin(frame, wanted) || wanted == SEGMENTS && !Descriptors.checkPage(memory, frame)) {
            count[frame] = 0;
            return false;
        }
        return true;
    }

    /** When a writable use ended does not matter: who is restored has no translations. */
    void save(StateWriter out) {
        ByteBuffer counts = ByteBuffer.allocate(4 * count.length).order(ByteOrder.LITTLE_ENDIAN);
        byte[] pins = new byte[pinned.length];
        for (int frame = 0; frame < count.length; frame++) {
            counts.putInt(count[frame]);
            pins[frame] = (byte) (pinned[frame] ? 1 : 0);
        }
        out.bytes("uses", use).bytes("counts", counts.array()).bytes("pinned", pins);
    }

    /** Takes the uses over, if all that the tables in RAM name is in use as they say. */
    void restore(StateReader in) throws BadState {
        System.arraycopy(in.bytesOf("uses", use.length), 0, use, 0, use.length);
        ByteBuffer counts = ByteBuffer.wrap(in.bytesOf("counts", 4 * count.length)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] pins = in.bytesOf("pinned", pinned.length);
        int[] known = new int[count.length];
        for (int frame = 0; frame < count.length; frame++) {
            count[frame] = counts.getInt();
            pinned[frame] = pins[frame] != 0;
            if (count[frame] < 0 || use[frame] < NONE || use[frame] > WRITABLE || count[frame] > 0 && !frames.isGuest(frame)) {
                throw in.bad("has frame " + frame + " in use " + count[frame] + " times as " + use[frame]);
            }
            known[frame] = pinned[frame] ? 1 : 0;
        }
        for (int frame = 0; frame < count.length; frame++) {
            if (count[frame] > 0 && isTable(use[frame])) {
                countEntries(in, frame, known);
            }
        }
        for (int frame = 0; frame < count.length; frame++) {
            if (known[frame] > count[frame]) {
                throw in.bad("has frame " + frame + " in use " + count[frame] + " times, and tables name it " + known[frame] + " times");
            }
        }
    }

    private void countEntries(StateReader in, int table, int[] known) throws BadState {
        int level = use[table];
        for (int i = 0; i < Pte.ENTRIES; i++) {
            if (level == 4 && i == HOLE_FIRST) {
                i = HOLE_END;
            }
            long entry = memory.getLong(MachineFrames.address(table) + 8L * i);
            long frame = Pte.frame(entry);
            boolean shared = level == 1 && (frames.owner(frame) == MachineFrames.Owner.SHARED || !Pte.isWritable(entry));
            if (!Pte.isPresent(entry) || shared) {
                continue;
            }
            int wanted = level > 1 ? level - 1 : WRITABLE;
            if (use(frame) != wanted || level > 1 && (entry & Pte.LARGE) != 0) {
                throw in.bad("has frame " + table + " as a table of level " + level + " with an entry that cannot be");
            }
            known[(int) frame]++;
        }
    }

    /** Ends a use that {@link #get} began. */
    void put(long number) {
        int frame = (int) number;
        assert count[frame] > 0 : frame;
        if (--count[frame] == 0) {
            if (isTable(use[frame])) {
                end(frame, use[frame], Pte.ENTRIES);
            } else if (use[frame] == WRITABLE) {
                writableUntil[frame] = flushes;
            }
        }
    }

    /** All translations have been dropped for another reason. */
    void flushed() { flushes++; }

    /** How often an entry that a translation may come from was changed. */
    long changes() { return changes; }

    /** Whether two top tables have the same entries above the hypervisor's. */
    boolean agree(long oneTable, long otherTable) {
        long one = MachineFrames.address(oneTable);
        long other = MachineFrames.address(otherTable);
        for (long i = HOLE_END; i < Pte.ENTRIES; i++) {
            if (((memory.getLong(one + 8 * i) ^ memory.getLong(other + 8 * i)) & ~Pte.ACCESSED) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Makes a frame stay a table. */
    boolean pin(long frame, int level) {
        if (!frames.isGuest(frame) || pinned[(int) frame] || !get(frame, level)) {
            return false;
        }
        pinned[(int) frame] = true;
        return true;
    }

    boolean unpin(long frame) {
        if (!frames.isGuest(frame) || !pinned[(int) frame]) {
            return false;
        }
        pinned[(int) frame] = false;
        put(frame);
        return true;
    }

    private boolean begin(int frame, int level) {
        long at = MachineFrames.address(frame);
        for (int i = 0; i < Pte.ENTRIES; i++) {
            if (level == 4 && i == HOLE_FIRST) {
                putHole(at);
                i = HOLE_END;
            }
            long entry = memory.getLong(at + 8 * i);
            if (Pte.isPresent(entry) && !take(entry, level)) {
                end(frame, level, i);
                return false;
            }
        }
        return true;
    }

    private void putHole(long table) {
        for (int slot = HOLE_FIRST; slot < HOLE_END; slot++) {
            memory.putLong(table + 8 * slot, hole[slot - HOLE_FIRST]);
        }
    }

    private void end(int frame, int level, int entries) {
        long at = MachineFrames.address(frame);
        for (int i = 0; i < entries; i++) {
            if (level == 4 && i == HOLE_FIRST) {
                i = HOLE_END;
                if (i >= entries) {
                    return;
                }
            }
            give(memory.getLong(at + 8 * i), level);
        }
    }

    /** Takes the use that a present entry of a level stands for. */
    private boolean take(long entry, int level) {
        long frame = Pte.frame(entry);
        if (level > 1) {
            return (entry & Pte.LARGE) == 0 && get(frame, level - 1);
        }
        return switch (frames.owner(frame)) {
            case SHARED -> true;
            case GUEST -> !Pte.isWritable(entry) || get(frame, WRITABLE);
            default -> false;
        };
    }

    private void give(long entry, int level) {
        if (Pte.isPresent(entry) && (level > 1 || Pte.isWritable(entry) && frames.isGuest(Pte.frame(entry)))) {
            put(Pte.frame(entry));
        }
    }

    /**
     * Changes an entry of a table in use.
     *
     * @param at physical address of the entry
     * @param keep bits of the old entry to carry over
     * @return false if the new entry is not good; the old one stays
     */
    boolean change(long at, long entry, long keep) {
        int table = (int) (at >>> GuestMemory.PAGE_SHIFT);
        int level = use[table];
        assert count[table] > 0 && isTable(level) : table;
        int index = (int) (at & GuestMemory.PAGE_BYTES - 1) >> 3;
        if (level == 4 && index >= HOLE_FIRST && index < HOLE_END) {
            return false;
        }
        long old = memory.getLong(at);
        // The processor sets these in a table that it finds without them; what it set is not lost to what is the same else.
        long kept = entry | old & keep;
        if (Pte.isPresent(old) && ((old ^ kept) & ~(Pte.ACCESSED | Pte.DIRTY)) != 0) {
            changes++;
        }
        boolean sameUse = Pte.isPresent(old) && Pte.isPresent(kept) && Pte.frame(old) == Pte.frame(kept)
                && (level > 1 ? (kept & Pte.LARGE) == 0 : Pte.isWritable(old) == Pte.isWritable(kept));
        if (!sameUse) {
            if (Pte.isPresent(kept) && !take(kept, level)) {
                return false;
            }
            memory.putLong(at, kept);
            give(old, level);
        } else {
            memory.putLong(at, kept);
        }
        return true;
    }
}
