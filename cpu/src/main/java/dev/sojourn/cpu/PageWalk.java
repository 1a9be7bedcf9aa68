package dev.sojourn.cpu;

import dev.sojourn.memory.GuestMemory;

/**
 * The page-table walk in all paging modes (SDM volume 3, chapter 4): none, 32-bit, PAE and 4-level.
 *
 * <p>A walk leaves its findings in the fields. Accessed and dirty bits are set on the way, when the access is allowed.
 */
final class PageWalk {
    /** Physical addresses have 40 bits; higher ones are reserved in table entries (CPUID 0x80000008). */
    static final int PHYSICAL_BITS = 40;

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long ACCESSED = 1 << 5;
    private static final long DIRTY = 1 << 6;
    private static final long LARGE = 1 << 7;
    private static final long GLOBAL = 1 << 8;
    private static final long NO_EXECUTE = 1L << 63;
    private static final long ADDRESS = (1L << PHYSICAL_BITS) - 1 & -GuestMemory.PAGE_BYTES;
    private static final long RESERVED = (1L << 52) - 1 & -(1L << PHYSICAL_BITS);

    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 2;
    private static final int ERROR_USER = 4;
    private static final int ERROR_RESERVED = 8;
    private static final int ERROR_FETCH = 16;

    /** Where the access goes. */
    long physical;

    /** Whether a store by the same kind of access would be allowed. */
    boolean writable;

    boolean dirty;
    boolean global;
    /** The page's size: 12, 21, 22 or 30 bits of address. */
    int pageShift;

    private final Cpu cpu;
    private final GuestMemory memory;
    /** The physical page behind each entry of the translation buffers: supervisor ones, then user ones. */
    private final long[] cached = new long[2 * Mmu.entries()];
    /** PAE's four pointers. */
    private final long[] pointers = new long[4];

    private long linear;
    private int access;
    private boolean user;
    private long permissions;
    /** Table entries stay as they are; whether one would have changed. */
    private boolean quiet;
    private boolean disturbs;

    PageWalk(Cpu cpu, GuestMemory memory) {
        this.cpu = cpu;
        this.memory = memory;
    }

    long[] pointers() { return pointers.clone(); }

    void pointers(long[] values) { System.arraycopy(values, 0, pointers, 0, pointers.length); }

    long cachedPhysical(boolean asUser, int entry) { return cached[asUser ? entry + Mmu.entries() : entry]; }

    void cachePhysical(boolean asUser, int entry, long page) { cached[asUser ? entry + Mmu.entries() : entry] = page; }

    /** Walks for a fetch, only looking. @return whether the fetch would neither fault nor change a table entry */
    boolean looks(long linear, boolean asUser) {
        long cr2 = cpu.cr2;
        quiet = true;
        disturbs = false;
        try {
            walk(linear, Mmu.FETCH, asUser);
            return !disturbs;
        } catch (GuestFault _) {
            cpu.cr2 = cr2;
            return false;
        } finally {
            quiet = false;
        }
    }

    void walk(long linear, int access, boolean asUser) {
        this.linear = linear;
        this.access = access;
        user = asUser;
        if ((cpu.cr0 & Cpu.CR0_PG) == 0) {
            physical = linear & 0xffff_ffffL;
            writable = true;
            dirty = true;
            global = false;
            pageShift = GuestMemory.PAGE_SHIFT;
        } else if ((cpu.efer & Cpu.EFER_LMA) != 0) {
            fourLevel();
        } else if ((cpu.cr4 & Cpu.CR4_PAE) != 0) {
            pae();
        } else {
            twoLevel();
        }
    }

    /** They stay until CR3 is loaded, or CR0 or CR4 change the paging (SDM volume 3, 4.4.1). */
    void loadPointers() {
        for (int i = 0; i < 4; i++) {
            pointers[i] = read((cpu.cr3 & 0xffff_ffe0L) + 8 * i, 8);
        }
    }

    /** Whether the four pointers at a table have reserved bits set: loading them is #GP (SDM volume 3, 4.4.1). */
    boolean badPointers(long table) {
        for (int i = 0; i < 4; i++) {
            long pointer = read((table & 0xffff_ffe0L) + 8 * i, 8);
            if ((pointer & PRESENT) != 0 && (pointer & (RESERVED | 0xfff0_0000_0000_01e6L)) != 0) {
                return true;
            }
        }
        return false;
    }

    private void fourLevel() {
        if (linear << 16 >> 16 != linear) {
            throw cpu.notCanonical(linear);
        }
        long reserved = RESERVED | ((cpu.efer & Cpu.EFER_NXE) == 0 ? NO_EXECUTE : 0);
        permissions = WRITABLE | USER;
        long at = (cpu.cr3 & ADDRESS) + (linear >>> 39 & 511) * 8;
        long entry = table(at, reserved | LARGE);
        at = (entry & ADDRESS) + (linear >>> 30 & 511) * 8;
        entry = table(at, reserved);
        if ((entry & LARGE) != 0) {
            leaf(at, entry, 8, 30, reserved, 0);
            return;
        }
        at = (entry & ADDRESS) + (linear >>> 21 & 511) * 8;
        entry = table(at, reserved);
        if ((entry & LARGE) != 0) {
            leaf(at, entry, 8, 21, reserved, 0);
            return;
        }
        at = (entry & ADDRESS) + (linear >>> 12 & 511) * 8;
        leaf(at, read(at, 8), 8, 12, reserved, 0);
    }

    private void pae() {
        long reserved = RESERVED | 0x7ff0_0000_0000_0000L | ((cpu.efer & Cpu.EFER_NXE) == 0 ? NO_EXECUTE : 0);
        permissions = WRITABLE | USER;
        long pointer = pointers[(int) (linear >>> 30) & 3];
        if ((pointer & PRESENT) == 0) {
            throw pageFault(0);
        }
        long at = (pointer & ADDRESS) + (linear >>> 21 & 511) * 8;
        long entry = table(at, reserved);
        if ((entry & LARGE) != 0) {
            leaf(at, entry, 8, 21, reserved, 0);
            return;
        }
        at = (entry & ADDRESS) + (linear >>> 12 & 511) * 8;
        leaf(at, read(at, 8), 8, 12, reserved, 0);
    }

    private void twoLevel() {
        permissions = WRITABLE | USER;
        long at = (cpu.cr3 & 0xffff_f000L) + (linear >>> 22 & 1023) * 4;
        boolean large = (cpu.cr4 & Cpu.CR4_PSE) != 0;
        long entry = table(at, 0, 4);
        if (large && (entry & LARGE) != 0) {
            // PSE-36: bits 20 to 13 are the physical address bits 39 to 32 (SDM volume 3, table 4-4).
            long high = (entry >>> 13 & 0xff) << 32;
            leaf(at, entry & ~0x1f_e000L, 4, 22, 1 << 21, high);
            return;
        }
        at = (entry & 0xffff_f000L) + (linear >>> 12 & 1023) * 4;
        leaf(at, read(at, 4), 4, 12, 0, 0);
    }

    private long table(long at, long reserved) { return table(at, reserved, 8); }

    /** An entry above the leaf; large pages are left for {@link #leaf}. */
    private long table(long at, long reserved, int bytes) {
        long entry = read(at, bytes);
        if ((entry & PRESENT) == 0) {
            throw pageFault(0);
        }
        if ((entry & reserved) != 0) {
            throw pageFault(ERROR_PRESENT | ERROR_RESERVED);
        }
        if ((entry & LARGE) == 0 || bytes == 4 && (cpu.cr4 & Cpu.CR4_PSE) == 0) {
            permissions = permissions & entry | (permissions | entry) & NO_EXECUTE;
            if ((entry & ACCESSED) == 0) {
                write(at, entry | ACCESSED, bytes);
            }
        }
        return entry;
    }

    private void leaf(long at, long entry, int bytes, int pageShift, long reserved, long high) {
        if ((entry & PRESENT) == 0) {
            throw pageFault(0);
        }
        long pageBytes = 1L << pageShift;
        long unaligned = pageShift > 12 && bytes == 8 ? pageBytes - 1 & ADDRESS & ~0x1000L : 0;
        if ((entry & (reserved | unaligned)) != 0) {
            throw pageFault(ERROR_PRESENT | ERROR_RESERVED);
        }
        permissions = permissions & entry | (permissions | entry) & NO_EXECUTE;
        allow();
        long wanted = entry | ACCESSED | (access == Mmu.WRITE ? DIRTY : 0);
        if (wanted != entry) {
            write(at, read(at, bytes) | wanted & (ACCESSED | DIRTY), bytes);
        }
        dirty = (wanted & DIRTY) != 0;
        this.pageShift = pageShift;
        global = (entry & GLOBAL) != 0 && (cpu.cr4 & Cpu.CR4_PGE) != 0;
        physical = entry & ADDRESS & -pageBytes | high | linear & pageBytes - 1;
    }

    /** Access rights (SDM volume 3, 4.6.1). */
    private void allow() {
        boolean userPage = (permissions & USER) != 0;
        boolean writablePage = (permissions & WRITABLE) != 0;
        writable = user ? userPage && writablePage : writablePage || (cpu.cr0 & Cpu.CR0_WP) == 0;
        boolean allowed = switch (access) {
            case Mmu.WRITE -> writable && (!user || userPage);
            case Mmu.FETCH -> (!user || userPage) && (permissions & NO_EXECUTE) == 0
                    && !(!user && userPage && (cpu.cr4 & Cpu.CR4_SMEP) != 0);
            default -> !user || userPage;
        };
        if (!allowed) {
            throw pageFault(ERROR_PRESENT);
        }
    }

    private GuestFault pageFault(int cause) {
        cpu.cr2 = linear;
        boolean fetchTold = access == Mmu.FETCH
                && ((cpu.cr4 & Cpu.CR4_SMEP) != 0 || (cpu.efer & Cpu.EFER_NXE) != 0 && (cpu.cr4 & Cpu.CR4_PAE) != 0);
        return cpu.fault(Vector.PF, cause | (access == Mmu.WRITE ? ERROR_WRITE : 0) | (user ? ERROR_USER : 0)
                | (fetchTold ? ERROR_FETCH : 0));
    }

    private long read(long at, int bytes) {
        if (!memory.isRam(at)) {
            return cpu.hooks.memoryIn(at, bytes);
        }
        return bytes == 8 ? memory.getLong(at) : memory.getInt(at) & 0xffff_ffffL;
    }

    private void write(long at, long value, int bytes) {
        disturbs = true;
        if (quiet || !memory.isRam(at)) {
            return;
        }
        if (bytes == 8) {
            memory.putLong(at, value);
        } else {
            memory.putInt(at, (int) value);
        }
    }
}
