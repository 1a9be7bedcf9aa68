package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.memory.GuestMemory;

/**
 * What the hypervisor has in a guest's addresses, the same in every page table: the machine-to-physical table, and for each
 * vCPU its descriptor tables. None of it is writable.
 *
 * <pre>
 * ffff800000000000  a u64 for each machine frame: the guest's number for it
 * ffff820000000000  for each vCPU 64 pages: 16 of global descriptors, then 16 of local ones
 * </pre>
 */
final class HypervisorHole {
    static final long START = 0xffff_8000_0000_0000L;
    static final long END = 0xffff_8800_0000_0000L;
    static final long TABLE_END = 0xffff_8040_0000_0000L;
    /** Global descriptors from here on are the hypervisor's: flat code and data. */
    static final int GDT_GUEST_FRAMES = 14;
    static final int GDT_GUEST_ENTRIES = GDT_GUEST_FRAMES * Descriptors.PER_PAGE;

    private static final long TABLES = 0xffff_8200_0000_0000L;
    private static final int TABLES_SLOT = 260;
    private static final int VCPU_PAGES = 64;
    private static final int LDT_PAGE = 16;
    private static final int VCPUS_PER_TABLE = Pte.ENTRIES / VCPU_PAGES;
    /** Top, middle and bottom tables; the flat descriptors and an empty page. */
    private static final int FIXED_FRAMES = 6;
    private static final long NO_PFN = -1;
    private static final long READ_ONLY = Pte.PRESENT | Pte.ACCESSED;
    private static final long UPPER = Pte.PRESENT | Pte.WRITABLE | Pte.ACCESSED;
    private static final int CODE_32 = 0xe020;
    private static final int DATA = 0xe028;
    private static final int CODE_64 = 0xe030;

    private final GuestMemory memory;
    private final MachineFrames frames;
    private final int firstTableFrame;
    private final int emptyFrame;
    private final int flatFrame;
    private final int[] descriptorTables;

    /** Frames it needs. */
    static int frames(GuestMemory memory, int vcpus) {
        int table = MachineFrames.tableFrames(memory);
        return table + (table + Pte.ENTRIES - 1 >> 9) + FIXED_FRAMES + (vcpus + VCPUS_PER_TABLE - 1) / VCPUS_PER_TABLE;
    }

    HypervisorHole(GuestMemory memory, MachineFrames frames, FrameTable uses, int vcpus) {
        this.memory = memory;
        this.frames = frames;
        int tableFrames = MachineFrames.tableFrames(memory);
        firstTableFrame = frames.takeOwn();
        for (int i = 1; i < tableFrames; i++) {
            frames.takeOwn();
        }
        for (int frame = 0; frame < tableFrames * Pte.ENTRIES; frame++) {
            memory.putLong(tableEntry(frame), NO_PFN);
        }
        uses.hole(FrameTable.HOLE_FIRST, Pte.of(machineToPhysical(tableFrames), UPPER));
        emptyFrame = frames.takeOwn();
        flatFrame = frames.takeOwn();
        flat(CODE_32, 0x00cf_fb00_0000_ffffL);
        flat(DATA, 0x00cf_f300_0000_ffffL);
        flat(CODE_64, 0x00af_fb00_0000_ffffL);
        descriptorTables = new int[(vcpus + VCPUS_PER_TABLE - 1) / VCPUS_PER_TABLE];
        int middle = frames.takeOwn();
        for (int i = 0; i < descriptorTables.length; i++) {
            descriptorTables[i] = frames.takeOwn();
            put(middle, i, Pte.of(descriptorTables[i], UPPER));
        }
        int top = frames.takeOwn();
        put(top, 0, Pte.of(middle, UPPER));
        uses.hole(TABLES_SLOT, Pte.of(top, UPPER));
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            for (int page = 0; page < VCPU_PAGES; page++) {
                page(vcpu, page, page == GDT_GUEST_FRAMES ? flatFrame : emptyFrame);
            }
        }
    }

    private int machineToPhysical(int tableFrames) {
        int top = frames.takeOwn();
        int middle = frames.takeOwn();
        put(top, 0, Pte.of(middle, UPPER));
        for (int i = 0; i < tableFrames; i += Pte.ENTRIES) {
            int bottom = frames.takeOwn();
            put(middle, i / Pte.ENTRIES, Pte.of(bottom, UPPER));
            for (int n = 0; n < Pte.ENTRIES && i + n < tableFrames; n++) {
                put(bottom, n, Pte.of(firstTableFrame + i + n, READ_ONLY));
            }
        }
        return top;
    }

    private void put(int table, int index, long entry) { memory.putLong(MachineFrames.address(table) + 8L * index, entry); }

    private void flat(int selector, long descriptor) {
        memory.putLong(MachineFrames.address(flatFrame) + (selector & GuestMemory.PAGE_BYTES - 1), descriptor);
    }

    private void page(int vcpu, int page, int frame) {
        put(descriptorTables[vcpu / VCPUS_PER_TABLE], vcpu % VCPUS_PER_TABLE * VCPU_PAGES + page, Pte.of(frame, READ_ONLY));
    }

    private long tableEntry(long frame) { return MachineFrames.address(firstTableFrame) + 8 * frame; }

    /** Notes the guest's number for a frame. */
    void physical(long frame, long pfn) { memory.putLong(tableEntry(frame), pfn); }

    /** The guest has no number for a frame any more. */
    void forget(long frame) { physical(frame, NO_PFN); }

    static boolean contains(long linear) { return linear >= START && linear < END; }

    static long gdt(int vcpu) { return TABLES + (long) vcpu * VCPU_PAGES * GuestMemory.PAGE_BYTES; }

    static long ldt(int vcpu) { return gdt(vcpu) + LDT_PAGE * GuestMemory.PAGE_BYTES; }

    /** Shows a vCPU a page of global descriptors. @param frame negative for an empty one */
    void gdtPage(int vcpu, int page, int frame) { page(vcpu, page, frame < 0 ? emptyFrame : frame); }

    void ldtPage(int vcpu, int page, int frame) { page(vcpu, LDT_PAGE + page, frame < 0 ? emptyFrame : frame); }
}
