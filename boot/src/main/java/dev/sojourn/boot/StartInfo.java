package dev.sojourn.boot;

import dev.sojourn.memory.GuestMemory;

/**
 * What a kernel entered by PVH is handed (Xen, "x86/HVM direct boot ABI", version 1).
 *
 * <pre>
 * 00  u32 magic, u32 version, u32 flags, u32 modules
 * 10  u64 module list, u64 command line, u64 ACPI root pointer, u64 memory map
 * 30  u32 entries of the memory map, u32 0
 * 40  module: u64 address, u64 bytes, u64 command line, u64 0
 * 60  memory map: u64 start, u64 bytes, u32 type, u32 0
 * </pre>
 */
final class StartInfo {
    private static final int MAGIC = 0x336e_c578;
    private static final int VERSION = 1;
    private static final int MODULES = 0x40;
    private static final int MAP = 0x60;
    private static final int MAP_ENTRY_BYTES = 24;

    private StartInfo() {}

    /** @param initrd its address, 0 where there is none */
    static void write(GuestMemory memory, long at, BootPlan plan, long initrd, long commandLine) {
        MemoryMap map = MemoryMap.of(memory);
        memory.putInt(at, MAGIC);
        memory.putInt(at + 4, VERSION);
        memory.putInt(at + 12, initrd == 0 ? 0 : 1);
        memory.putLong(at + 16, initrd == 0 ? 0 : at + MODULES);
        memory.putLong(at + 24, commandLine);
        memory.putLong(at + 32, plan.rsdp());
        memory.putLong(at + 40, at + MAP);
        memory.putInt(at + 48, map.ranges().size());
        if (initrd != 0) {
            memory.putLong(at + MODULES, initrd);
            memory.putLong(at + MODULES + 8, plan.initrd().length);
        }
        long entry = at + MAP;
        for (MemoryRange range : map.ranges()) {
            memory.putLong(entry, range.start());
            memory.putLong(entry + 8, range.bytes());
            memory.putInt(entry + 16, range.type().number());
            entry += MAP_ENTRY_BYTES;
        }
    }
}
