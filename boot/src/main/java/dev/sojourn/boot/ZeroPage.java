package dev.sojourn.boot;

import dev.sojourn.boot.bytes.LittleEndian;
import dev.sojourn.boot.image.BzImage;

/**
 * The zero page: what a Linux kernel entered by the boot protocol is handed (Linux, "Zero Page").
 *
 * <pre>
 * 070  u64 ACPI root pointer
 * 1e8  u8 entries of the memory map
 * 1f1  copy of the setup header
 * 2d0  memory map: u64 start, u64 bytes, u32 type
 * </pre>
 *
 * <p>Everything else is zero, which means "not there"; so must be the byte at 1ef, by which kernels know a loader that
 * copied more than the header.
 */
final class ZeroPage {
    private static final int BYTES = 4096;
    private static final int RSDP = 0x70;
    private static final int MAP_ENTRIES = 0x1e8;
    private static final int HEADER = 0x1f1;
    private static final int BOOT_FLAG = 0x1fe;
    private static final int SIGNATURE = 0x202;
    private static final int VERSION = 0x206;
    private static final int LOADER_TYPE = 0x210;
    private static final int LOAD_FLAGS = 0x211;
    private static final int INITRD_ADDRESS = 0x218;
    private static final int INITRD_BYTES = 0x21c;
    private static final int COMMAND_LINE = 0x228;
    private static final int KERNEL_ALIGNMENT = 0x230;
    private static final int SETUP_DATA = 0x250;
    private static final int MAP = 0x2d0;
    private static final int MAP_ENTRY_BYTES = 20;

    private static final int LOADER_UNREGISTERED = 0xff;
    private static final int VERSION_2_12 = 0x20c;
    private static final int LOADED_HIGH = 1;

    private final byte[] page = new byte[BYTES];

    ZeroPage(long rsdp, MemoryMap map) {
        LittleEndian.put64(page, RSDP, rsdp);
        page[MAP_ENTRIES] = (byte) map.ranges().size();
        int at = MAP;
        for (MemoryRange range : map.ranges()) {
            LittleEndian.put64(page, at, range.start());
            LittleEndian.put64(page, at + 8, range.bytes());
            LittleEndian.put32(page, at + 16, range.type().number());
            at += MAP_ENTRY_BYTES;
        }
    }

    /** Copies the image's own header, which is as long as the image says. */
    void header(BzImage image) {
        int end = image.header().end();
        System.arraycopy(image.file(), HEADER, page, HEADER, end - HEADER);
        if (end > SETUP_DATA) {
            LittleEndian.put64(page, SETUP_DATA, 0);
        }
    }

    /** The few fields that an unpacked kernel still looks at. */
    void headerOfUnpackedKernel() {
        LittleEndian.put16(page, BOOT_FLAG, 0xaa55);
        LittleEndian.put32(page, SIGNATURE, 0x5372_6448);
        LittleEndian.put16(page, VERSION, VERSION_2_12);
        page[LOAD_FLAGS] = LOADED_HIGH;
        LittleEndian.put32(page, KERNEL_ALIGNMENT, 1 << 21);
    }

    /** The fields that a loader owns. */
    void loader(long initrd, int initrdBytes, long commandLine) {
        page[LOADER_TYPE] = (byte) LOADER_UNREGISTERED;
        LittleEndian.put32(page, INITRD_ADDRESS, (int) initrd);
        LittleEndian.put32(page, INITRD_BYTES, initrdBytes);
        LittleEndian.put32(page, COMMAND_LINE, (int) commandLine);
    }

    byte[] bytes() { return page; }
}
