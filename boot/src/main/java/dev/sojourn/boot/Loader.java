package dev.sojourn.boot;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.BzImage;
import dev.sojourn.boot.image.ElfImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.boot.image.SetupHeader;
import dev.sojourn.memory.GuestMemory;
import java.nio.charset.StandardCharsets;

/**
 * Places a kernel and all it is handed in the memory of a machine that has not started.
 *
 * <pre>
 * 0040e, 00413   BIOS data: where extended BIOS data begins, size of base memory
 * 10000          zero page or PVH start info with its lists
 * 11000          descriptor table
 * 12000 - 17fff  page tables: the first 4 GiB, each address to itself
 * 20000 - 2ffff  command line
 * 100000 and up  kernel, where its headers say
 * ...            initrd, as high as it may go
 * </pre>
 */
public final class Loader {
    static final long STRUCTURE = 0x1_0000;
    static final long DESCRIPTORS = 0x1_1000;
    static final long PAGE_TABLES = 0x1_2000;
    static final long COMMAND_LINE = 0x2_0000;

    /** Room for the command line; kernels take 2 KiB and say so. */
    static final int COMMAND_LINE_ROOM = 1 << 16;

    /** What x86 kernels entered by PVH take: the same 2 KiB, with nothing that says so. */
    private static final int PVH_COMMAND_LINE_BYTES_MAX = 2047;

    private static final int BIOS_DATA_EXTENDED_SEGMENT = 0x40e;
    private static final int BIOS_DATA_BASE_KIB = 0x413;
    private static final int ENTRY_64_OFFSET = 0x200;
    private static final long MIB = 1 << 20;

    private final GuestMemory memory;
    private final BootPlan plan;

    private Loader(GuestMemory memory, BootPlan plan) {
        this.memory = memory;
        this.plan = plan;
    }

    /**
     * Puts everything in place and tells how to enter the kernel. The memory is taken to hold zeros.
     *
     * @throws BadImage if the kernel lacks the entry asked for, or something does not fit; the memory is then of no use
     */
    public static EntryState load(GuestMemory memory, BootPlan plan) throws BadImage {
        Loader loader = new Loader(memory, plan);
        loader.biosData();
        return switch (choose(plan.kernel(), plan.entry())) {
            case PVH -> loader.pvh(plan.kernel().elf());
            case LINUX_64 -> switch (plan.kernel()) {
                case BzImage image -> loader.linux(image, Entry.LINUX_64);
                case ElfImage image -> loader.linux(image);
            };
            case LINUX_32 -> switch (plan.kernel()) {
                case BzImage image -> loader.linux(image, Entry.LINUX_32);
                case ElfImage _ -> throw new BadImage("An ELF kernel has no 32-bit Linux entry;"
                        + " choose the PVH or 64-bit entry, or give the bzImage.");
            };
            case AUTO -> throw new AssertionError(plan);
        };
    }

    /**
     * The entry that {@link Entry#AUTO} stands for: PVH where the kernel has it, else the widest there is.
     *
     * <p>A kernel without the 64-bit entry is a 32-bit one or from before 2013; it is not unpacked to look for PVH.
     */
    private static Entry choose(KernelImage kernel, Entry wanted) throws BadImage {
        if (wanted != Entry.AUTO) {
            return wanted;
        }
        if (kernel instanceof BzImage image) {
            if ((image.header().xloadFlags() & SetupHeader.KERNEL_64) == 0) {
                return Entry.LINUX_32;
            }
            if (image.packing().isEmpty()) {
                return Entry.LINUX_64;
            }
        }
        return kernel.elf().pvhEntry().isPresent() ? Entry.PVH : Entry.LINUX_64;
    }

    private void biosData() {
        memory.putShort(BIOS_DATA_EXTENDED_SEGMENT, (int) (MemoryMap.EXTENDED_BIOS_DATA >> 4));
        memory.putShort(BIOS_DATA_BASE_KIB, (int) (MemoryMap.EXTENDED_BIOS_DATA >> 10));
    }

    private EntryState pvh(ElfImage elf) throws BadImage {
        long entry = elf.pvhEntry().orElseThrow(() -> new BadImage(
                "The kernel has no PVH entry; choose the 64-bit entry, or leave the choice to Sojourn."));
        if (!elf.contains(entry)) {
            throw new BadImage("The PVH entry of the kernel lies outside of it;"
                    + " the file is damaged, so fetch or build it again.");
        }
        place(elf);
        commandLine(PVH_COMMAND_LINE_BYTES_MAX);
        long initrd = initrd(elf.end(), memory.lowEnd());
        StartInfo.write(memory, STRUCTURE, plan, initrd, COMMAND_LINE);
        Descriptors.writeFlat32(memory, DESCRIPTORS);
        return state(Entry.PVH, entry, EntryState.Register.EBX, 0);
    }

    private EntryState linux(BzImage image, Entry entry) throws BadImage {
        SetupHeader header = image.header();
        if (entry == Entry.LINUX_64 && (header.xloadFlags() & SetupHeader.KERNEL_64) == 0) {
            throw new BadImage("The kernel has no 64-bit entry; choose the 32-bit entry, or give a 64-bit kernel.");
        }
        long load = header.loadAddress();
        requireRoom(load, header.memoryBytes());
        memory.write(load, image.file(), header.protectedOffset(), header.protectedBytes());
        commandLine(header.commandLineBytesMax());
        long initrd = initrd(load + header.memoryBytes(), Math.min(memory.lowEnd(), header.initrdAddressMax() + 1));
        ZeroPage page = new ZeroPage(plan.rsdp(), MemoryMap.of(memory));
        page.header(image);
        page.loader(initrd, plan.initrd().length, COMMAND_LINE);
        memory.write(STRUCTURE, page.bytes());
        return entry == Entry.LINUX_64 ? longMode(load + ENTRY_64_OFFSET) : flat32(load);
    }

    /**
     * The 64-bit entry of an unpacked kernel: where the code that unpacks kernels would jump to, with the same zero
     * page. No protocol promises it, but it is how kernels without a PVH entry can be started from their ELF file.
     */
    private EntryState linux(ElfImage elf) throws BadImage {
        if (!elf.contains(elf.entry())) {
            throw new BadImage("The ELF entry of the kernel is not a physical address inside it;"
                    + " give the bzImage, or a kernel with a PVH entry.");
        }
        place(elf);
        commandLine(PVH_COMMAND_LINE_BYTES_MAX);
        long initrd = initrd(elf.end(), memory.lowEnd());
        ZeroPage page = new ZeroPage(plan.rsdp(), MemoryMap.of(memory));
        page.headerOfUnpackedKernel();
        page.loader(initrd, plan.initrd().length, COMMAND_LINE);
        memory.write(STRUCTURE, page.bytes());
        return longMode(elf.entry());
    }

    private EntryState longMode(long instructionPointer) {
        Descriptors.writeFlat64(memory, DESCRIPTORS);
        IdentityPageTables.write(memory, PAGE_TABLES);
        return state(Entry.LINUX_64, instructionPointer, EntryState.Register.RSI, PAGE_TABLES);
    }

    private EntryState flat32(long instructionPointer) {
        Descriptors.writeFlat32(memory, DESCRIPTORS);
        return state(Entry.LINUX_32, instructionPointer, EntryState.Register.ESI, 0);
    }

    private static EntryState state(Entry entry, long instructionPointer, EntryState.Register register, long cr3) {
        return new EntryState(entry, instructionPointer, register, STRUCTURE, cr3, DESCRIPTORS, Descriptors.LIMIT,
                Descriptors.CODE, Descriptors.DATA);
    }

    private void place(ElfImage elf) throws BadImage {
        requireRoom(elf.start(), elf.end() - elf.start());
        for (ElfImage.Segment segment : elf.segments()) {
            memory.write(segment.physical(), elf.bytes(), segment.offset(), segment.fileBytes());
            memory.clear(segment.physical() + segment.fileBytes(), segment.memoryBytes() - segment.fileBytes());
        }
    }

    private void requireRoom(long start, long bytes) throws BadImage {
        if (start < MemoryMap.TABLES_END || start > GuestMemory.LOW_END_MAX
                || bytes > GuestMemory.LOW_END_MAX - start) {
            throw new BadImage("The kernel wants to be loaded at 0x" + Long.toHexString(start) + " with "
                    + Long.toUnsignedString(bytes)
                    + " bytes, where no machine has memory; the file is damaged or not for a PC.");
        }
        if (start + bytes > memory.lowEnd()) {
            throw new BadImage("The kernel needs memory up to " + mib(start + bytes) + " MiB but the machine has "
                    + mib(memory.bytes()) + " MiB; give it more memory.");
        }
    }

    private void commandLine(int bytesMax) throws BadImage {
        byte[] bytes = plan.commandLine().getBytes(StandardCharsets.UTF_8);
        int max = Math.min(bytesMax, COMMAND_LINE_ROOM - 1);
        if (bytes.length > max) {
            throw new BadImage("The kernel command line has " + bytes.length + " bytes but this kernel takes at most "
                    + max + "; shorten it.");
        }
        if (plan.commandLine().indexOf('\0') >= 0) {
            throw new BadImage("The kernel command line contains a zero character, where it would end; remove it.");
        }
        memory.write(COMMAND_LINE, bytes);
    }

    /** Places the initrd on a page boundary as high as it may go and returns where, 0 where there is none. */
    private long initrd(long kernelEnd, long end) throws BadImage {
        byte[] initrd = plan.initrd();
        if (initrd.length == 0) {
            return 0;
        }
        long start = end - initrd.length & -GuestMemory.PAGE_BYTES;
        if (start < kernelEnd) {
            long needed = kernelEnd + initrd.length + GuestMemory.PAGE_BYTES;
            throw new BadImage("The initrd of " + mib(initrd.length) + " MiB does not fit into the "
                    + mib(memory.bytes()) + " MiB of the machine beside the kernel; "
                    + (end == memory.lowEnd() && needed < GuestMemory.LOW_END_MAX
                            ? "give it more than " + mib(needed) + " MiB, or use a smaller initrd."
                            : "use a smaller initrd, or put it on a disk."));
        }
        memory.write(start, initrd);
        return start;
    }

    private static long mib(long bytes) { return (bytes + MIB - 1) / MIB; }
}
