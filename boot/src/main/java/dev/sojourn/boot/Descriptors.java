package dev.sojourn.boot;

import dev.sojourn.memory.GuestMemory;

/**
 * The descriptor table a kernel is entered with: flat code at 0x10 and flat data at 0x18, where Linux wants them (Linux
 * boot protocol; descriptor format: Intel SDM volume 3, 3.4.5).
 */
final class Descriptors {
    static final int CODE = 0x10;
    static final int DATA = 0x18;
    static final int LIMIT = DATA + 7;

    /** Base 0, limit 4 GiB, present, ring 0, execute/read, accessed; 32-bit. */
    private static final long CODE_32 = 0x00cf_9b00_0000_ffffL;

    /** The same, 64-bit: L set, D clear. */
    private static final long CODE_64 = 0x00af_9b00_0000_ffffL;

    /** Base 0, limit 4 GiB, present, ring 0, read/write, accessed; 32-bit. */
    private static final long DATA_FLAT = 0x00cf_9300_0000_ffffL;

    private Descriptors() {}

    static void writeFlat32(GuestMemory memory, long at) { write(memory, at, CODE_32); }

    static void writeFlat64(GuestMemory memory, long at) { write(memory, at, CODE_64); }

    private static void write(GuestMemory memory, long at, long code) {
        memory.putLong(at + CODE, code);
        memory.putLong(at + DATA, DATA_FLAT);
    }
}
