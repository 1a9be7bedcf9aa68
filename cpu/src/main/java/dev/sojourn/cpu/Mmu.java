package dev.sojourn.cpu;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.Raw;
import java.util.Arrays;

/**
 * Loads and stores by linear address: the software TLB and what happens when it misses.
 *
 * <p>Implementation notes. There are two translation buffers, one for supervisor and one for user accesses; {@link #tlb} is
 * the one of the current privilege. An entry is four longs: the page for which loads, stores and fetches may go
 * straight to RAM (no page number: 1), and what is to be added to a linear address to make a host address. A probe compares
 * the page of the access's last byte, so that an access across a page end misses by itself.
 *
 * <p>An entry is writable only while the dirty bit is set in the page table and the page holds no decoded code, so that
 * both cost nothing on the fast path. Pages that are not RAM, or lie under a data breakpoint, are never entered.
 *
 * <p>{@link #epoch} changes whenever a translation that code was fetched by may have been dropped: whoever remembers one
 * compares it. Which pages those are is held as a set of hashes, so that it may change too often, never too rarely.
 */
public final class Mmu {
    /** Kinds of access; also the place of a kind in an entry. */
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int FETCH = 2;

    private static final int ENTRIES = 2048;
    private static final int STRIDE = 4;
    private static final int ENTERED_MAX = 4096;
    private static final int ADDEND = 3;
    private static final long EMPTY = 1;
    private static final int[] LARGE_SIZES = {21, 22, 30};
    private static final long PAGE_MASK = -GuestMemory.PAGE_BYTES;
    private static final int FETCHED_BITS = 1 << 14;

    /** How far apart the epochs of one processor are, so that those of different ones never meet. */
    private static final int EPOCH_STEP = 256;

    /** The current translation buffer. */
    public long[] tlb;

    public long epoch;

    private final Cpu cpu;
    private final GuestMemory memory;
    private final PageWalk walk;
    private final long[] supervisor = new long[ENTRIES * STRIDE];
    private final long[] user = new long[ENTRIES * STRIDE];
    /** Stays empty: while user accesses must be aligned, it sends all of them the slow way. */
    private final long[] checked = new long[ENTRIES * STRIDE];
    /** Entries that are not global and were filled since the last flush: index, user ones from {@code ENTRIES} up. */
    private final int[] filled = new int[2 * ENTRIES];
    private final boolean[] listed = new boolean[2 * ENTRIES];
    private int filledCount;
    /** Pages entered since stores were last forgotten; user accesses have bit 0. Past the end, all may have been. */
    private final long[] entered = new long[ENTERED_MAX];
    private int enteredCount;
    /** Pages that code was fetched from since all translations were dropped, by a hash of the address. */
    private final long[] fetched = new long[FETCHED_BITS / Long.SIZE];
    /** Where parts of large pages may be entered, by a hash of the address: for each size of page a set of 1,024 bits. */
    private final long[][] largePages = new long[LARGE_SIZES.length][16];

    Mmu(Cpu cpu, GuestMemory memory) {
        this.cpu = cpu;
        this.memory = memory;
        walk = new PageWalk(cpu, memory);
        tlb = supervisor;
        Arrays.fill(checked, EMPTY);
        epoch = cpu.id;
        flushAll();
    }

    /** Whether PAE's four pointers at an address have reserved bits set. */
    boolean badPointers(long table) { return walk.badPointers(table); }

    /** Loads PAE's four pointers from where CR3 says. */
    void loadPointers() { walk.loadPointers(); }

    long[] pointers() { return walk.pointers(); }

    void pointers(long[] values) { walk.pointers(values); }

    /** Takes the buffer that belongs to a privilege level. */
    void privilege(int cpl) { tlb = cpl != 3 || cpu.kernelAtLevel3 ? supervisor : cpu.checksAlignment() ? checked : user; }

    private boolean asUser() { return tlb != supervisor; }

    /** @throws GuestFault #AC(0) for an access that is not aligned, where that counts (SDM volume 3, 6.15) */
    public void align(long linear, int bytes) {
        if (tlb == checked && (linear & bytes - 1) != 0 && (!cpu.is64Bit() || linear << 16 >> 16 == linear)) {
            throw cpu.fault(Vector.AC, 0);
        }
    }

    /** The place of a linear address's entry. */
    private static int slot(long linear) { return (int) (linear >>> GuestMemory.PAGE_SHIFT - 2) & ENTRIES - 1 << 2; }

    /** Whether an entry serves an access by the page of its last byte. */
    private static boolean hits(long[] t, int place, long last) { return t[place] == (last & PAGE_MASK); }

    private static long host(long[] t, int entry, long linear) { return t[entry + ADDEND] + linear; }

    public int load8(long linear) { return load8(tlb, linear); }

    /** Loads, like its siblings, by the current translation buffer, which who makes many loads keeps in a variable. */
    public int load8(long[] t, long linear) {
        int i = slot(linear);
        return hits(t, i, linear) ? Raw.getByte(host(t, i, linear)) & 0xff : (int) loadSlow(linear, 1) & 0xff;
    }

    public int load16(long linear) { return load16(tlb, linear); }

    public int load16(long[] t, long linear) {
        int i = slot(linear);
        return hits(t, i, linear + 1) ? Raw.getShort(host(t, i, linear)) & 0xffff : (int) loadSlow(linear, 2) & 0xffff;
    }

    public int load32(long linear) { return load32(tlb, linear); }

    public int load32(long[] t, long linear) {
        int i = slot(linear);
        return hits(t, i, linear + 3) ? Raw.getInt(host(t, i, linear)) : (int) loadSlow(linear, 4);
    }

    public long load64(long linear) { return load64(tlb, linear); }

    public long load64(long[] t, long linear) {
        int i = slot(linear);
        return hits(t, i, linear + 7) ? Raw.getLong(host(t, i, linear)) : loadSlow(linear, 8);
    }

    public boolean store8(long linear, int value) { return store8(tlb, linear, value); }

    /**
     * Stores, like its siblings.
     *
     * @return whether compiled code must be left behind this instruction, since it may no longer be what it was made from: false
     *     on the fast path, where a compiler sees it
     */
    public boolean store8(long[] t, long linear, int value) {
        int i = slot(linear);
        if (hits(t, i + WRITE, linear)) {
            Raw.putByte(host(t, i, linear), (byte) value);
            return false;
        }
        return storeSlow(linear, 1, value);
    }

    public boolean store16(long linear, int value) { return store16(tlb, linear, value); }

    public boolean store16(long[] t, long linear, int value) {
        int i = slot(linear);
        if (hits(t, i + WRITE, linear + 1)) {
            Raw.putShort(host(t, i, linear), (short) value);
            return false;
        }
        return storeSlow(linear, 2, value);
    }

    public boolean store32(long linear, int value) { return store32(tlb, linear, value); }

    public boolean store32(long[] t, long linear, int value) {
        int i = slot(linear);
        if (hits(t, i + WRITE, linear + 3)) {
            Raw.putInt(host(t, i, linear), value);
            return false;
        }
        return storeSlow(linear, 4, value);
    }

    public boolean store64(long linear, long value) { return store64(tlb, linear, value); }

    public boolean store64(long[] t, long linear, long value) {
        int i = slot(linear);
        if (hits(t, i + WRITE, linear + 7)) {
            Raw.putLong(host(t, i, linear), value);
            return false;
        }
        return storeSlow(linear, 8, value);
    }

    /** Half of a load of 16 bytes, which alignment checking does not concern. */
    public long loadHalf(long linear) {
        int i = slot(linear);
        long[] t = tlb;
        return hits(t, i, linear + 7) ? Raw.getLong(host(t, i, linear)) : loadAnywhere(linear, 8);
    }

    public void storeHalf(long linear, long value) {
        int i = slot(linear);
        long[] t = tlb;
        if (hits(t, i + WRITE, linear + 7)) {
            Raw.putLong(host(t, i, linear), value);
        } else {
            storeAnywhere(linear, 8, value);
        }
    }

    /** The host address of 16 bytes to be loaded; 0 if they must be loaded by halves. */
    public static long hostOf16(long[] t, long linear) {
        int i = slot(linear);
        return hits(t, i, linear + 15) ? host(t, i, linear) : 0;
    }

    /** The host address of 16 bytes to be stored; 0 if they must be stored by halves. */
    public static long hostOf16ForStore(long[] t, long linear) {
        int i = slot(linear);
        return hits(t, i + WRITE, linear + 15) ? host(t, i, linear) : 0;
    }

    /** Zero-extended; the width is 1, 2, 4 or 8 bytes. */
    public long load(long linear, int bytes) {
        return switch (bytes) {
            case 4 -> load32(linear) & 0xffff_ffffL;
            case 8 -> load64(linear);
            case 1 -> load8(linear);
            default -> load16(linear);
        };
    }

    public void store(long linear, int bytes, long value) {
        switch (bytes) {
            case 4 -> store32(linear, (int) value);
            case 8 -> store64(linear, value);
            case 1 -> store8(linear, (int) value);
            default -> store16(linear, (int) value);
        }
    }

    /** Faults as a store would, without storing: before a load that a store to the same place follows. */
    public void probeStore(long linear, int bytes) {
        if (tlb[slot(linear) + WRITE] != (linear + bytes - 1 & PAGE_MASK)) {
            align(linear, bytes == 10 ? 8 : bytes <= 8 && Integer.bitCount(bytes) == 1 ? bytes : 1);
            int inPage = (int) Math.min(bytes, GuestMemory.PAGE_BYTES - (linear & ~PAGE_MASK));
            translate(linear, WRITE, asUser());
            if (inPage < bytes) {
                translate(cpu.wrap(linear + inPage), WRITE, asUser());
            }
        }
    }

    /** Loads with supervisor rights whatever the current level: descriptor tables and task state. */
    public long loadSystem(long linear, int bytes) {
        long[] before = tlb;
        tlb = supervisor;
        try {
            return load(linear, bytes);
        } finally {
            tlb = before;
        }
    }

    public void storeSystem(long linear, int bytes, long value) {
        long[] before = tlb;
        tlb = supervisor;
        try {
            store(linear, bytes, value);
        } finally {
            tlb = before;
        }
    }

    /** The host address for a run of bytes that may be stored directly; 0 if they cannot. Stays in one page. */
    public long hostForStore(long linear, int bytes) {
        int i = slot(linear);
        return tlb[i + WRITE] == (linear + bytes - 1 & PAGE_MASK) ? tlb[i + ADDEND] + linear : 0;
    }

    public long hostForLoad(long linear, int bytes) {
        int i = slot(linear);
        return tlb[i] == (linear + bytes - 1 & PAGE_MASK) ? tlb[i + ADDEND] + linear : 0;
    }

    /** The physical address that code at a linear address is fetched from. @throws GuestFault #PF, #GP */
    public long fetchAddress(long linear) {
        int i = slot(linear);
        if (tlb[i + FETCH] == (linear & PAGE_MASK)) {
            return walk.cachedPhysical(asUser(), (i / STRIDE)) | linear & ~PAGE_MASK;
        }
        return fetch(linear);
    }

    private long fetch(long linear) {
        int bit = fetchedBit(linear);
        fetched[bit >> 6] |= 1L << bit;
        return translate(linear, FETCH, asUser());
    }

    private static int fetchedBit(long linear) {
        long page = linear >>> GuestMemory.PAGE_SHIFT;
        return (int) (page ^ page >>> 14) & FETCHED_BITS - 1;
    }

    /** As {@link #fetchAddress}; -1 if the guest could tell that it was asked for: by a fault, or by a table entry that changes. */
    public long fetchAddressUnseen(long linear) {
        int i = slot(linear);
        if (tlb[i + FETCH] == (linear & PAGE_MASK)) {
            return walk.cachedPhysical(asUser(), (i / STRIDE)) | linear & ~PAGE_MASK;
        }
        return walk.looks(linear, asUser()) ? fetch(linear) : -1;
    }

    private long loadSlow(long linear, int bytes) {
        align(linear, bytes);
        return loadAnywhere(linear, bytes);
    }

    private long loadAnywhere(long linear, int bytes) {
        int inPage = (int) Math.min(bytes, GuestMemory.PAGE_BYTES - (linear & ~PAGE_MASK));
        if (inPage == bytes) {
            return loadPhysical(linear, translate(linear, READ, asUser()), bytes);
        }
        long first = translate(linear, READ, asUser());
        long second = translate(cpu.wrap(linear + inPage), READ, asUser());
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long physical = i < inPage ? first + i : second + (i - inPage);
            value |= (loadPhysical(linear + i, physical, 1) & 0xff) << 8 * i;
        }
        return value;
    }

    private boolean storeSlow(long linear, int bytes, long value) {
        align(linear, bytes);
        storeAnywhere(linear, bytes, value);
        return cpu.stepLimit == 0;
    }

    private void storeAnywhere(long linear, int bytes, long value) {
        int inPage = (int) Math.min(bytes, GuestMemory.PAGE_BYTES - (linear & ~PAGE_MASK));
        if (inPage == bytes) {
            storePhysical(linear, translate(linear, WRITE, asUser()), bytes, value);
            return;
        }
        long first = translate(linear, WRITE, asUser());
        long second = translate(cpu.wrap(linear + inPage), WRITE, asUser());
        for (int i = 0; i < bytes; i++) {
            long physical = i < inPage ? first + i : second + (i - inPage);
            storePhysical(linear + i, physical, 1, value >>> 8 * i & 0xff);
        }
    }

    private long loadPhysical(long linear, long physical, int bytes) {
        watch(linear, bytes, false);
        if (!memory.isRam(physical)) {
            return cpu.hooks.memoryIn(physical, bytes);
        }
        return switch (bytes) {
            case 1 -> memory.getByte(physical);
            case 2 -> memory.getShort(physical);
            case 4 -> memory.getInt(physical) & 0xffff_ffffL;
            default -> memory.getLong(physical);
        };
    }

    /** A data breakpoint traps behind the instruction: the block ends there. */
    private void watch(long linear, int bytes, boolean store) {
        if (cpu.debug.watch(linear, bytes, store)) {
            cpu.attend();
        }
    }

    private void storePhysical(long linear, long physical, int bytes, long value) {
        watch(linear, bytes, true);
        if (!memory.isRam(physical)) {
            cpu.hooks.memoryOut(physical, bytes, bytes == 8 ? value : value & (1L << 8 * bytes) - 1);
            return;
        }
        switch (bytes) {
            case 1 -> memory.putByte(physical, (int) value);
            case 2 -> memory.putShort(physical, (int) value);
            case 4 -> memory.putInt(physical, (int) value);
            default -> memory.putLong(physical, value);
        }
    }

    /**
     * Walks the page tables and enters what it finds.
     *
     * @throws GuestFault #PF with CR2 set; #GP(0) or #SS(0) for an address that is not canonical
     */
    private long translate(long linear, int access, boolean asUser) {
        walk.walk(linear, access, asUser);
        long physicalPage = walk.physical & PAGE_MASK;
        if (memory.isRam(physicalPage) && !cpu.debug.watches(linear)) {
            enter(linear, access, asUser, physicalPage);
        }
        return walk.physical;
    }

    private void enter(long linear, int access, boolean asUser, long physicalPage) {
        long[] t = asUser ? user : supervisor;
        int i = slot(linear);
        int entry = i / STRIDE;
        long page = linear & PAGE_MASK;
        boolean sameTranslation = walk.cachedPhysical(asUser, entry) == physicalPage
                && (t[i] == page || t[i + WRITE] == page || t[i + FETCH] == page);
        if (!sameTranslation) {
            t[i] = EMPTY;
            t[i + WRITE] = EMPTY;
            t[i + FETCH] = EMPTY;
            t[i + ADDEND] = memory.hostAddress(physicalPage) - page;
            walk.cachePhysical(asUser, entry, physicalPage);
        }
        if (access == FETCH) {
            t[i + FETCH] = page;
        } else {
            t[i] = page;
            if (walk.writable && walk.dirty && !memory.hasFlag(physicalPage, GuestMemory.CODE)) {
                t[i + WRITE] = page;
                memory.written(physicalPage);
            }
        }
        if (walk.pageShift != GuestMemory.PAGE_SHIFT) {
            noteLarge(linear);
        }
        remember(asUser ? entry + ENTRIES : entry, walk.global);
        if (enteredCount < ENTERED_MAX) {
            entered[enteredCount] = asUser ? page | 1 : page;
        }
        enteredCount++;
    }

    private void remember(int entry, boolean global) {
        if (!global && !listed[entry]) {
            listed[entry] = true;
            filled[filledCount++] = entry;
        }
    }

    private void noteLarge(long linear) {
        for (int n = 0; n < LARGE_SIZES.length; n++) {
            if (LARGE_SIZES[n] == walk.pageShift) {
                int bit = (int) (linear >>> walk.pageShift) & 1023;
                largePages[n][bit >> 6] |= 1L << bit;
            }
        }
    }

    /** Drops all translations. */
    public void flushAll() {
        for (long[] set : largePages) {
            Arrays.fill(set, 0);
        }
        Arrays.fill(supervisor, EMPTY);
        Arrays.fill(user, EMPTY);
        Arrays.fill(listed, false);
        Arrays.fill(fetched, 0);
        filledCount = 0;
        epoch += EPOCH_STEP;
    }

    /** Drops all translations but the global ones. */
    public void flushLocal() {
        for (int n = 0; n < filledCount; n++) {
            int entry = filled[n];
            listed[entry] = false;
            clear(entry);
        }
        filledCount = 0;
        epoch += EPOCH_STEP;
    }

    /**
     * Drops the translations of user accesses, and of addresses of the lower half: for a switch between page tables that agree
     * on the upper half.
     */
    public void flushLowerHalf() {
        int kept = 0;
        for (int n = 0; n < filledCount; n++) {
            int entry = filled[n];
            if (entry < ENTRIES && isUpperHalf(entry * STRIDE)) {
                filled[kept++] = entry;
            } else {
                listed[entry] = false;
                clear(entry);
            }
        }
        filledCount = kept;
        epoch += EPOCH_STEP;
    }

    /** Whether a supervisor entry serves addresses with the highest bit set. */
    private boolean isUpperHalf(int place) {
        return supervisor[place] < 0 || supervisor[place + WRITE] < 0 || supervisor[place + FETCH] < 0;
    }

    /** Drops the translations of one page, global or not. */
    public void flushPage(long linear) {
        int entry = slot(linear) / STRIDE;
        clear(entry);
        clear(entry + ENTRIES);
        int code = fetchedBit(linear);
        boolean ofCode = (fetched[code >> 6] >>> code & 1) != 0;
        for (int n = 0; n < LARGE_SIZES.length; n++) {
            int bit = (int) (linear >>> LARGE_SIZES[n]) & 1023;
            if ((largePages[n][bit >> 6] >>> bit & 1) != 0) {
                flushLarge(linear, LARGE_SIZES[n]);
                ofCode = true;
            }
        }
        if (ofCode) {
            epoch += EPOCH_STEP;
        }
    }

    /** Drops what is entered of one large page. */
    private void flushLarge(long linear, int pageShift) {
        for (int entry = 0; entry < 2 * ENTRIES; entry++) {
            long[] t = entry >= ENTRIES ? user : supervisor;
            int i = (entry & ENTRIES - 1) * STRIDE;
            if (within(t[i], linear, pageShift) || within(t[i + FETCH], linear, pageShift)) {
                clear(entry);
            }
        }
    }

    private static boolean within(long page, long linear, int pageShift) {
        return page != EMPTY && (page ^ linear) >>> pageShift == 0;
    }

    private void clear(int entry) {
        long[] t = entry >= ENTRIES ? user : supervisor;
        int i = (entry & ENTRIES - 1) * STRIDE;
        t[i] = EMPTY;
        t[i + WRITE] = EMPTY;
        t[i + FETCH] = EMPTY;
    }

    /** Sends stores to a physical page the long way from now on: it holds decoded code. */
    public void protect(long physicalPage) {
        for (int entry = 0; entry < ENTRIES; entry++) {
            if (walk.cachedPhysical(false, entry) == physicalPage) {
                supervisor[entry * STRIDE + WRITE] = EMPTY;
            }
            if (walk.cachedPhysical(true, entry) == physicalPage) {
                user[entry * STRIDE + WRITE] = EMPTY;
            }
        }
    }

    /** Sends the next store to each page the long way: what was written before is known, what will be is not. */
    public void forgetStores() {
        if (enteredCount <= ENTERED_MAX) {
            for (int n = 0; n < enteredCount; n++) {
                buffer(entered[n])[slot(entered[n]) + WRITE] = EMPTY;
            }
        } else {
            for (int i = WRITE; i < ENTRIES * STRIDE; i += STRIDE) {
                supervisor[i] = EMPTY;
                user[i] = EMPTY;
            }
        }
        enteredCount = 0;
    }

    /** Drops what was entered since stores were last forgotten, as if it had not been looked up. */
    public void forgetEntered() {
        if (enteredCount <= ENTERED_MAX) {
            for (int n = 0; n < enteredCount; n++) {
                clear(slot(entered[n]) / STRIDE + ((entered[n] & 1) != 0 ? ENTRIES : 0));
            }
        } else {
            for (int entry = 0; entry < 2 * ENTRIES; entry++) {
                clear(entry);
            }
        }
        enteredCount = 0;
    }

    private long[] buffer(long enteredPage) { return (enteredPage & 1) != 0 ? user : supervisor; }

    /** The pages entered since stores were last forgotten, user accesses with bit 0 set; not more than some thousand. */
    public long[] entered() { return Arrays.copyOf(entered, Math.min(enteredCount, ENTERED_MAX)); }

    static int entries() { return ENTRIES; }
}
