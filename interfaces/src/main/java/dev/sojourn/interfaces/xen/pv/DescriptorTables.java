package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.SegmentRegister;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** A vCPU's descriptor tables: the guest's frames, in use as such, shown to the processor where nobody can write them. */
final class DescriptorTables {
    private static final int LDT_ENTRIES_MAX = 8192;
    private static final int LDT_PAGES = LDT_ENTRIES_MAX / Descriptors.PER_PAGE;
    private static final int LDT_SELECTOR = 0xe040;
    private static final int LDT_ATTRIBUTES = 0x82;
    private static final int NONE = -1;

    private final PvProcessor processor;
    private final Cpu cpu;
    private final FrameTable uses;
    private final int[] global = new int[HypervisorHole.GDT_GUEST_FRAMES];
    private final int[] local = new int[LDT_PAGES];

    DescriptorTables(PvProcessor processor) {
        this.processor = processor;
        cpu = processor.cpu;
        uses = processor.guest.uses;
        java.util.Arrays.fill(global, NONE);
        java.util.Arrays.fill(local, NONE);
    }

    /** set_gdt: frames of so many entries, by a list of u64. */
    long setGlobal(GuestPointers memory, long list, long entries) {
        if (entries < 0 || entries > HypervisorHole.GDT_GUEST_ENTRIES) {
            return Errno.EINVAL;
        }
        long[] frames = new long[(int) (entries + Descriptors.PER_PAGE - 1) / Descriptors.PER_PAGE];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = memory.u64(list + 8L * i);
        }
        return setGlobal(frames);
    }

    /** @return 0, or an error if one of them cannot be a page of descriptors; then nothing has changed */
    long setGlobal(long[] frames) {
        for (int i = 0; i < frames.length; i++) {
            if (!uses.get(frames[i], FrameTable.SEGMENTS)) {
                for (int n = 0; n < i; n++) {
                    uses.put(frames[n]);
                }
                return Errno.EINVAL;
            }
        }
        for (int i = 0; i < global.length; i++) {
            int frame = i < frames.length ? (int) frames[i] : NONE;
            release(global[i]);
            global[i] = frame;
            processor.guest.hole.gdtPage(cpu.id, i, frame);
        }
        cpu.mmu.flushLocal();
        return 0;
    }

    void save(StateWriter out) { out.numbers("global", global).numbers("local", local); }

    /** The processor is shown them by tables in RAM, which are back already. */
    void restore(StateReader in) throws BadState {
        restore(in, "global", global);
        restore(in, "local", local);
    }

    private void restore(StateReader in, String name, int[] frames) throws BadState {
        System.arraycopy(in.ints(name, frames.length), 0, frames, 0, frames.length);
        for (int frame : frames) {
            if (frame != NONE && uses.use(frame) != FrameTable.SEGMENTS) {
                throw in.bad("has descriptors in frame " + frame + ", which is in use otherwise");
            }
        }
    }

    private void release(int frame) {
        if (frame != NONE) {
            uses.put(frame);
        }
    }

    /**
     * The local table at an address of the kernel's. Pages that cannot be descriptors are shown as empty: Xen would find out
     * when one is used.
     */
    long setLocal(long linear, long entries) {
        if (entries < 0 || entries > LDT_ENTRIES_MAX || (linear & GuestMemory.PAGE_BYTES - 1) != 0) {
            return Errno.EINVAL;
        }
        int pages = (int) (entries + Descriptors.PER_PAGE - 1) / Descriptors.PER_PAGE;
        for (int i = 0; i < LDT_PAGES; i++) {
            int frame = i < pages ? localFrame(linear + (long) i * GuestMemory.PAGE_BYTES) : NONE;
            release(local[i]);
            local[i] = frame;
            processor.guest.hole.ldtPage(cpu.id, i, frame);
        }
        SegmentRegister ldtr = cpu.ldtr;
        ldtr.set(LDT_SELECTOR, HypervisorHole.ldt(cpu.id), Math.max(0, entries * Descriptors.BYTES - 1), LDT_ATTRIBUTES);
        ldtr.unusable = entries == 0;
        cpu.mmu.flushLocal();
        return 0;
    }

    private int localFrame(long linear) {
        long entry = processor.guest.pageTables.leaf(processor.kernelTable(), linear);
        if (!Pte.isPresent(entry) || !uses.get(Pte.frame(entry), FrameTable.SEGMENTS)) {
            return NONE;
        }
        return (int) Pte.frame(entry);
    }
}
