package dev.sojourn.boot;

import dev.sojourn.memory.GuestMemory;

/**
 * Page tables that map each of the first 4 GiB of addresses to itself, in pages of 2 MiB (Intel SDM volume 3, 4.5).
 *
 * <p>Six pages: the top table, one directory pointer table, four directories.
 */
final class IdentityPageTables {
    private static final int TABLE_BYTES = 4096;
    private static final int DIRECTORIES = 4;
    private static final int ENTRIES = 512;
    private static final long LARGE_PAGE_BYTES = 2L << 20;
    private static final int PRESENT_WRITABLE = 3;
    private static final int LARGE = 1 << 7;

    private IdentityPageTables() {}

    static void write(GuestMemory memory, long at) {
        long pointers = at + TABLE_BYTES;
        long directories = pointers + TABLE_BYTES;
        memory.putLong(at, pointers | PRESENT_WRITABLE);
        for (int i = 0; i < DIRECTORIES; i++) {
            memory.putLong(pointers + i * 8L, directories + (long) i * TABLE_BYTES | PRESENT_WRITABLE);
        }
        for (int i = 0; i < DIRECTORIES * ENTRIES; i++) {
            memory.putLong(directories + i * 8L, i * LARGE_PAGE_BYTES | LARGE | PRESENT_WRITABLE);
        }
    }
}
