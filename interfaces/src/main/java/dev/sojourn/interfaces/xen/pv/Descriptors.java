package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.memory.GuestMemory;

/**
 * Which segment descriptors a guest may have, and what is made of them: code and data at level 3, always marked accessed, so
 * that the processor need not write to them.
 */
final class Descriptors {
    static final int BYTES = 8;
    static final int PER_PAGE = GuestMemory.PAGE_BYTES / BYTES;

    private static final long PRESENT = 1L << 47;
    private static final long NOT_SYSTEM = 1L << 44;
    private static final long LEVEL_3 = 3L << 45;
    private static final long ACCESSED = 1L << 40;

    private Descriptors() {}

    static boolean isAllowed(long descriptor) {
        return (descriptor & PRESENT) == 0 || (descriptor & NOT_SYSTEM) != 0;
    }

    /** What an allowed one becomes. */
    static long adjusted(long descriptor) {
        return (descriptor & PRESENT) == 0 ? descriptor : descriptor | LEVEL_3 | ACCESSED;
    }

    /** Checks and adjusts all of a page; changes nothing if one is not allowed. */
    static boolean checkPage(GuestMemory memory, int frame) {
        long at = MachineFrames.address(frame);
        for (int i = 0; i < PER_PAGE; i++) {
            if (!isAllowed(memory.getLong(at + BYTES * i))) {
                return false;
            }
        }
        for (int i = 0; i < PER_PAGE; i++) {
            long descriptor = memory.getLong(at + BYTES * i);
            long adjusted = adjusted(descriptor);
            if (adjusted != descriptor) {
                memory.putLong(at + BYTES * i, adjusted);
            }
        }
        return true;
    }
}
