package dev.sojourn.testkit.oracle;

/**
 * The world of a case: what is mapped where, and what the segment registers hold.
 *
 * <pre>
 * 0x20001000  data, read and write   FIRST
 * 0x20002000  data, read and write   SECOND
 * 0x20003000  data, read only        READ_ONLY
 * 0x20005000  data, read and write   LAST, with nothing mapped behind it
 * 0x20100000  code, execute and read, two pages, with nothing mapped behind them
 * </pre>
 *
 * <p>Everything else below 4 GiB is unmapped, and so is every address above that a case may reasonably form. Data
 * cannot be executed. Three windows of the writable pages belong to the state of a case: around the boundary of FIRST
 * and SECOND, at the end of SECOND, and at the end of LAST. All other bytes of data hold {@link #fill} and are not to
 * be written: a case that does so has strayed, and is no case. All bytes of code that are not the case's own are 0xCC.
 *
 * <p>Code runs at privilege level 3 with I/O privilege level 0, in flat segments. DS, ES and SS hold {@link
 * #DATA_SELECTOR}; FS and GS are null, with the bases given here in 64-bit code. CR0 has AM, WP and NE set, CR4 has
 * OSFXSR and OSXMMEXCPT. Of the descriptor table, cases use the null selector and those of 32-bit code (0x23), data
 * (0x2b) and 64-bit code (0x33), all flat and of privilege level 3, with any requested privilege level.
 */
public final class Layout {
    public static final int PAGE_BYTES = 4096;
    public static final long FIRST = 0x2000_1000L;
    public static final long SECOND = 0x2000_2000L;
    public static final long READ_ONLY = 0x2000_3000L;
    public static final long LAST = 0x2000_5000L;
    public static final long LAST_END = LAST + PAGE_BYTES;
    public static final long CODE = 0x2010_0000L;
    public static final int CODE_BYTES = 2 * PAGE_BYTES;

    public static final long FS_BASE = 0x1000_0000L;
    public static final long GS_BASE = 0x1_2345_6000L;

    public static final int CODE64_SELECTOR = 0x33;
    public static final int CODE32_SELECTOR = 0x23;
    public static final int DATA_SELECTOR = 0x2b;

    /** Where the windows start, in the order in which they lie in {@link ProcessorState#windows}. */
    public static final long BOUNDARY_WINDOW = SECOND - 0x100;
    public static final int BOUNDARY_WINDOW_BYTES = 0x200;
    public static final long SECOND_WINDOW = READ_ONLY - 0x100;
    public static final int SECOND_WINDOW_BYTES = 0x100;
    public static final long LAST_WINDOW = LAST_END - 0x100;
    public static final int LAST_WINDOW_BYTES = 0x100;
    public static final int WINDOWS_BYTES = BOUNDARY_WINDOW_BYTES + SECOND_WINDOW_BYTES + LAST_WINDOW_BYTES;

    private static final int SECOND_OFFSET = BOUNDARY_WINDOW_BYTES;
    private static final int LAST_OFFSET = SECOND_OFFSET + SECOND_WINDOW_BYTES;

    private Layout() {}

    /** The byte at an address of data outside the windows. */
    public static byte fill(long address) { return (byte) (address * 0x65 ^ address >> 7); }

    /** Where an address lies in the windows; -1 if it does not. */
    public static int windowOffset(long address) {
        if (inside(address, BOUNDARY_WINDOW, BOUNDARY_WINDOW_BYTES)) {
            return (int) (address - BOUNDARY_WINDOW);
        }
        if (inside(address, SECOND_WINDOW, SECOND_WINDOW_BYTES)) {
            return SECOND_OFFSET + (int) (address - SECOND_WINDOW);
        }
        if (inside(address, LAST_WINDOW, LAST_WINDOW_BYTES)) {
            return LAST_OFFSET + (int) (address - LAST_WINDOW);
        }
        return -1;
    }

    /** The address of a byte of the windows. */
    public static long windowAddress(int offset) {
        if (offset < SECOND_OFFSET) {
            return BOUNDARY_WINDOW + offset;
        }
        return offset < LAST_OFFSET ? SECOND_WINDOW + offset - SECOND_OFFSET : LAST_WINDOW + offset - LAST_OFFSET;
    }

    private static boolean inside(long address, long start, int bytes) {
        return Long.compareUnsigned(address - start, bytes) < 0;
    }
}
