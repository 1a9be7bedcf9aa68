package dev.sojourn.interfaces.xen.pv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.memory.GuestMemory;
import java.util.HashMap;
import java.util.Map;

/** Counts again what the frame table has counted: from the entries of all tables in use. */
final class FrameCensus {
    private FrameCensus() {}

    /** Holds the table against what the entries say: no frame may be a table and writable, and none used unaccounted. */
    static void check(GuestMemory memory, PvGuest guest) {
        Map<Integer, Integer> writable = new HashMap<>();
        Map<Integer, Integer> tables = new HashMap<>();
        for (int frame = 0; frame < guest.frames.end; frame++) {
            int use = guest.uses.use(frame);
            if (use >= 1 && use <= 4) {
                count(memory, guest, frame, use, writable, tables);
            }
        }
        writable.forEach((frame, _) -> assertEquals(FrameTable.WRITABLE, guest.uses.use(frame), () -> "frame " + frame));
        tables.forEach((frame, level) -> assertEquals(level, guest.uses.use(frame), () -> "frame " + frame));
    }

    private static void count(GuestMemory memory, PvGuest guest, int frame, int level, Map<Integer, Integer> writable,
            Map<Integer, Integer> tables) {
        for (int i = 0; i < Pte.ENTRIES; i++) {
            long entry = memory.getLong(MachineFrames.address(frame) + 8 * i);
            boolean hole = level == 4 && i >= FrameTable.HOLE_FIRST && i < FrameTable.HOLE_END;
            if (!Pte.isPresent(entry) || hole) {
                continue;
            }
            int target = (int) Pte.frame(entry);
            if (level > 1) {
                tables.put(target, level - 1);
            } else {
                MachineFrames.Owner owner = guest.frames.owner(target);
                assertTrue(owner == MachineFrames.Owner.GUEST || owner == MachineFrames.Owner.SHARED,
                        "frame " + target + " of " + owner + " is mapped");
                if (Pte.isWritable(entry) && owner == MachineFrames.Owner.GUEST) {
                    writable.merge(target, 1, Integer::sum);
                }
            }
        }
    }
}
