package dev.sojourn.boot;

import dev.sojourn.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory map a guest is given (what a BIOS tells by INT 15h, E820h).
 *
 * <pre>
 * 00000000 0009fbff  RAM
 * 0009fc00 0009ffff  reserved: extended BIOS data
 * 000e0000 000fffff  reserved: ACPI tables
 * 00100000           RAM up to the end of low RAM
 * 1_00000000         RAM, what is left
 * </pre>
 *
 * <p>What is not listed belongs to devices: the VGA hole, and everything between the end of low RAM and 4 GiB.
 */
public record MemoryMap(List<MemoryRange> ranges) {
    /** Where base memory ends and the last KiB below the VGA hole begins. */
    public static final long EXTENDED_BIOS_DATA = 0x9_fc00;

    /** Where the tables lie: the last 128 KiB of the first MiB, which every guest searches and none recycles. */
    public static final long TABLES = 0xe_0000;
    public static final long TABLES_END = 0x10_0000;

    public MemoryMap {
        ranges = List.copyOf(ranges);
    }

    public static MemoryMap of(GuestMemory memory) {
        List<MemoryRange> ranges = new ArrayList<>();
        add(ranges, 0, EXTENDED_BIOS_DATA, MemoryRange.Type.RAM);
        add(ranges, EXTENDED_BIOS_DATA, GuestMemory.HOLE_START, MemoryRange.Type.RESERVED);
        add(ranges, TABLES, TABLES_END, MemoryRange.Type.RESERVED);
        add(ranges, TABLES_END, memory.lowEnd(), MemoryRange.Type.RAM);
        add(ranges, GuestMemory.HIGH_START, memory.highEnd(), MemoryRange.Type.RAM);
        return new MemoryMap(ranges);
    }

    private static void add(List<MemoryRange> ranges, long start, long end, MemoryRange.Type type) {
        if (end > start) {
            ranges.add(new MemoryRange(start, end - start, type));
        }
    }
}
