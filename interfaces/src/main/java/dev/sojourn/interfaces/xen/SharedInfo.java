package dev.sojourn.interfaces.xen;

import dev.sojourn.memory.GuestMemory;

/**
 * The page that hypervisor and guest share (public/xen.h, {@code struct shared_info}).
 *
 * <pre>
 * 000  vcpu_info of vCPU 0 to 31, 64 bytes each
 * 800  a bit for each port: pending; a00: masked
 * c00  wall clock: u32 version, u32 seconds, u32 nanoseconds, u32 seconds above
 * c10  the guest's: max_pfn, frame list, NMI reason, p2m cr3, address and generation
 * </pre>
 *
 * <p>A vcpu_info is: 00 u8 pending, 01 u8 mask, 08 u64 selector, 10 u64 CR2, 20 time (32 bytes).
 */
public final class SharedInfo {
    public static final int BYTES = GuestMemory.PAGE_BYTES;
    /** vCPUs that have a place here; others must register one. */
    public static final int PLACES = 32;
    public static final int VCPU_BYTES = 64;

    private static final int PENDING = 0x800;
    private static final int MASK = 0xa00;
    private static final int WALL_CLOCK = 0xc00;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final GuestMemory memory;
    private long at;

    /** @param at physical address of a page of zeros */
    public SharedInfo(GuestMemory memory, long at) {
        this.memory = memory;
        this.at = at;
    }

    public long at() { return at; }

    /** Takes another page, with what this one holds. */
    void move(long to) {
        if (to != at) {
            byte[] page = new byte[BYTES];
            memory.read(at, page, 0, BYTES);
            memory.write(to, page);
            at = to;
        }
    }

    /** It lies there, with all it holds. */
    void moved(long to) { at = to; }

    /** Where a vCPU's information lies unless it registers another place. */
    long place(int vcpu) { return at + (long) vcpu * VCPU_BYTES; }

    private boolean flag(int array, int port) {
        return (memory.getLong(at + array + (port >> 6) * 8L) >>> (port & 63) & 1) != 0;
    }

    /** @return what it was before */
    private boolean flag(int array, int port, boolean value) {
        long word = at + array + (port >> 6) * 8L;
        long before = memory.getLong(word);
        long bit = 1L << (port & 63);
        memory.putLong(word, value ? before | bit : before & ~bit);
        return (before & bit) != 0;
    }

    boolean isPending(int port) { return flag(PENDING, port); }

    boolean pending(int port, boolean value) { return flag(PENDING, port, value); }

    boolean isMasked(int port) { return flag(MASK, port); }

    boolean mask(int port, boolean value) { return flag(MASK, port, value); }

    /** The date at time 0 of the guest's clock. */
    public void wallClock(long epochNanos) {
        int version = memory.getInt(at + WALL_CLOCK);
        memory.putInt(at + WALL_CLOCK, version + 1 | 1);
        long seconds = Math.floorDiv(epochNanos, NANOS_PER_SECOND);
        memory.putInt(at + WALL_CLOCK + 4, (int) seconds);
        memory.putInt(at + WALL_CLOCK + 8, (int) Math.floorMod(epochNanos, NANOS_PER_SECOND));
        memory.putInt(at + WALL_CLOCK + 12, (int) (seconds >>> 32));
        memory.putInt(at + WALL_CLOCK, (version + 1 | 1) + 1);
    }
}
