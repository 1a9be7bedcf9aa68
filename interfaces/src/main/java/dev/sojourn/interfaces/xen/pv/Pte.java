package dev.sojourn.interfaces.xen.pv;

/** The bits of page-table entries (SDM volume 3, table 4-15 to 4-20), and how linear addresses divide. */
final class Pte {
    static final long PRESENT = 1;
    static final long WRITABLE = 1 << 1;
    static final long USER = 1 << 2;
    static final long ACCESSED = 1 << 5;
    static final long DIRTY = 1 << 6;
    static final long LARGE = 1 << 7;
    /** An upper entry as the builder makes it. */
    static final long TABLE = PRESENT | WRITABLE | USER | ACCESSED | DIRTY;
    /** A leaf as the builder makes it. */
    static final long LEAF = PRESENT | WRITABLE | ACCESSED | DIRTY;
    static final int ENTRIES = 512;

    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

    private Pte() {}

    static boolean isPresent(long entry) { return (entry & PRESENT) != 0; }

    static boolean isWritable(long entry) { return (entry & WRITABLE) != 0; }

    /** The frame an entry names; it may be anything. */
    static long frame(long entry) { return (entry & ADDRESS) >>> 12; }

    static long of(long frame, long flags) { return frame << 12 | flags; }

    /** The index into a table of a level, 1 to 4. */
    static int index(long linear, int level) { return (int) (linear >>> 12 + 9 * (level - 1)) & ENTRIES - 1; }
}
