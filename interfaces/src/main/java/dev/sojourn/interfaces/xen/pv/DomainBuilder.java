package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.ElfImage;
import dev.sojourn.interfaces.Startup;
import dev.sojourn.memory.GuestMemory;
import java.nio.charset.StandardCharsets;

/**
 * Makes a paravirtual guest as it starts (public/xen.h, "Start-of-day memory layout"). In the guest's own frames, from 0 up:
 *
 * <pre>
 * kernel, at its physical addresses
 * initrd, if the kernel wants it mapped
 * list of frames, if the kernel has no place of its own for it
 * start info, ring of the store, ring of the console
 * page tables: top first, bottom last
 * stack, one page
 * room of at least 512 KiB, to a boundary of 4 MiB: here ends what is mapped
 * initrd, if the kernel finds it by its frame
 * list of frames, with the page tables for it
 * </pre>
 */
final class DomainBuilder {
    private static final int PAGE = GuestMemory.PAGE_BYTES;
    private static final long ROOM = 512 << 10;
    private static final long BOUNDARY = 4 << 20;
    private static final int LIST_ENTRY_BYTES = 8;
    private static final int COMMAND_LINE_MAX = 1023;
    private static final String MAGIC = "xen-3.0-x86_64";
    private static final int FLAG_MODULE_BY_FRAME = 1 << 3;

    private final PvGuest guest;
    private final GuestMemory memory;
    private final MachineFrames frames;
    private final Startup startup;
    private final ElfImage image;
    private final XenNotes notes;

    /** Frames of the guest's own numbering. */
    private int next;
    private int initrdFrame;
    private int listFrame;
    private int listFrames;
    private int startInfoFrame;
    private int storeFrame;
    private int consoleFrame;
    private int tablesFrame;
    private int tables;
    private int stackFrame;
    private int mappedEnd;
    /** The next unused of the frames kept for page tables. */
    private int nextTable;

    DomainBuilder(PvGuest guest, Startup startup) throws BadImage {
        this.guest = guest;
        this.startup = startup;
        memory = guest.machine.memory();
        frames = guest.frames;
        image = startup.kernel().elf();
        notes = XenNotes.of(image);
    }

    long entry() { return notes.entry(); }

    long stack() { return address(stackFrame + 1); }

    long startInfoAddress() { return address(startInfoFrame); }

    long storePage() { return machine(storeFrame); }

    long consolePage() { return machine(consoleFrame); }

    long topTable() { return frames.guest[tablesFrame]; }

    private long machine(int frame) { return MachineFrames.address(frames.guest[frame]); }

    private long address(int frame) { return notes.virtualBase() + (long) frame * PAGE; }

    private int count() { return frames.guest.length; }

    void build() throws BadImage {
        if (startup.commandLine().getBytes(StandardCharsets.UTF_8).length > COMMAND_LINE_MAX) {
            throw new BadImage("The kernel command line is longer than the " + COMMAND_LINE_MAX
                    + " bytes a paravirtual Xen guest takes; shorten it.");
        }
        layOut();
        for (int i = 0; i < count(); i++) {
            guest.hole.physical(frames.guest[i], i);
        }
        for (ElfImage.Segment segment : image.segments()) {
            write(segment.physical(), image.bytes(), segment.offset(), segment.fileBytes());
        }
        write((long) initrdFrame * PAGE, startup.initrd(), 0, startup.initrd().length);
        for (int i = 0; i < count(); i++) {
            memory.putLong(machine(listFrame + i / Pte.ENTRIES) + i % Pte.ENTRIES * LIST_ENTRY_BYTES, frames.guest[i]);
        }
        nextTable = tablesFrame + 1;
        map(notes.virtualBase(), 0, mappedEnd);
        if (notes.frameListAt() != 0) {
            nextTable = listFrame + listFrames;
            map(notes.frameListAt(), listFrame, listFrame + listFrames);
            assert nextTable == listFrame + listFrames + tableFrames(notes.frameListAt(), listFrames);
        }
        if (!guest.uses.pin(topTable(), 4)) {
            throw new AssertionError("The first page tables are refused");
        }
    }

    private void layOut() throws BadImage {
        next = pages(image.end());
        int initrdFrames = pages(startup.initrd().length);
        listFrames = pages((long) count() * LIST_ENTRY_BYTES);
        if (!notes.initrdByFrame()) {
            initrdFrame = take(initrdFrames);
        }
        if (notes.frameListAt() == 0) {
            listFrame = take(listFrames);
        }
        startInfoFrame = take(1);
        storeFrame = take(1);
        consoleFrame = take(1);
        tablesFrame = next;
        int before = 0;
        do {
            before = tables;
            stackFrame = tablesFrame + tables;
            long end = address(stackFrame + 1) + ROOM + BOUNDARY - 1 & -BOUNDARY;
            mappedEnd = (int) (end - notes.virtualBase() >> GuestMemory.PAGE_SHIFT);
            tables = 1 + tableFrames(notes.virtualBase(), mappedEnd);
        } while (tables != before);
        next = mappedEnd;
        if (notes.initrdByFrame()) {
            initrdFrame = take(initrdFrames);
        }
        if (notes.frameListAt() != 0) {
            listFrame = take(listFrames + tableFrames(notes.frameListAt(), listFrames));
        }
        if (next > count() || image.start() < 0) {
            long mib = ((long) next * PAGE >> 20) + 1;
            throw new BadImage("The guest needs more than " + mib + " MiB for kernel and initrd;"
                    + " give the machine more memory.");
        }
    }

    private int take(int wanted) {
        int first = next;
        next += wanted;
        return first;
    }

    private static int pages(long bytes) { return (int) (bytes + PAGE - 1 >> GuestMemory.PAGE_SHIFT); }

    /** Tables below the top one that map so many pages. */
    private static int tableFrames(long linear, int pages) {
        int sum = 0;
        for (int level = 1; level <= 3; level++) {
            int shift = 12 + 9 * level;
            long last = linear + (long) pages * PAGE - 1;
            sum += (int) ((last >>> shift) - (linear >>> shift)) + 1;
        }
        return sum;
    }

    private void write(long physical, byte[] source, int offset, int length) {
        for (int done = 0; done < length; ) {
            long at = physical + done;
            int part = (int) Math.min(length - done, PAGE - (at & PAGE - 1));
            memory.write(machine((int) (at >> GuestMemory.PAGE_SHIFT)) + (at & PAGE - 1), source, offset + done, part);
            done += part;
        }
    }

    /** Maps frames from an address on: level by level, so that the tables lie in the order of their levels. */
    private void map(long linear, int first, int end) {
        for (int level = 3; level >= 1; level--) {
            int shift = 12 + 9 * level;
            long last = linear + (long) (end - first) * PAGE - 1;
            for (long n = linear >>> shift; n <= last >>> shift; n++) {
                put(n << shift, level + 1, Pte.of(frames.guest[nextTable++], Pte.TABLE));
            }
        }
        for (int frame = first; frame < end; frame++) {
            boolean table = frame >= tablesFrame && frame < tablesFrame + tables;
            long flags = table ? Pte.LEAF & ~Pte.WRITABLE : Pte.LEAF;
            put(linear + (long) (frame - first) * PAGE, 1, Pte.of(frames.guest[frame], flags));
        }
    }

    /** Stores the entry of a level for an address; those above it are there. */
    private void put(long linear, int level, long entry) {
        long table = topTable();
        for (int n = 4; n > level; n--) {
            table = Pte.frame(memory.getLong(MachineFrames.address(table) + 8L * Pte.index(linear, n)));
        }
        memory.putLong(MachineFrames.address(table) + 8L * Pte.index(linear, level), entry);
    }

    /**
     * Fills in the page the guest is given (public/xen.h, {@code struct start_info}).
     *
     * @param shared physical address of the shared page
     */
    void startInfo(long shared, int storePort, int consolePort) {
        long at = machine(startInfoFrame);
        memory.write(at, MAGIC.getBytes(StandardCharsets.US_ASCII));
        memory.putLong(at + 0x20, count());
        memory.putLong(at + 0x28, shared);
        memory.putInt(at + 0x30, notes.initrdByFrame() ? FLAG_MODULE_BY_FRAME : 0);
        memory.putLong(at + 0x38, storePage() >>> GuestMemory.PAGE_SHIFT);
        memory.putInt(at + 0x40, storePort);
        memory.putLong(at + 0x48, consolePage() >>> GuestMemory.PAGE_SHIFT);
        memory.putInt(at + 0x50, consolePort);
        memory.putLong(at + 0x58, address(tablesFrame));
        memory.putLong(at + 0x60, tables);
        memory.putLong(at + 0x68, notes.frameListAt() != 0 ? notes.frameListAt() : address(listFrame));
        int initrdBytes = startup.initrd().length;
        if (initrdBytes != 0) {
            memory.putLong(at + 0x70, notes.initrdByFrame() ? initrdFrame : address(initrdFrame));
            memory.putLong(at + 0x78, initrdBytes);
        }
        memory.write(at + 0x80, startup.commandLine().getBytes(StandardCharsets.UTF_8));
        memory.putLong(at + 0x480, listFrame);
        memory.putLong(at + 0x488, listFrames + (notes.frameListAt() == 0 ? 0 : tableFrames(notes.frameListAt(), listFrames)));
    }
}
