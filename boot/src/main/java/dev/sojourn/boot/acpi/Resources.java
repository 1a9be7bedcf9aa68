package dev.sojourn.boot.acpi;

import java.io.ByteArrayOutputStream;

/**
 * A resource template: the addresses and interrupts of a device, as descriptors in a buffer (ACPI specification 6.5,
 * 6.4).
 */
final class Resources {
    private static final int IRQ = 0x22;
    private static final int IO = 0x47;
    private static final int END = 0x79;
    private static final int MEMORY_32_FIXED = 0x86;
    private static final int DWORD_ADDRESS_SPACE = 0x87;
    private static final int WORD_ADDRESS_SPACE = 0x88;
    private static final int EXTENDED_INTERRUPT = 0x89;

    private static final int DECODES_16_BITS = 1;
    private static final int READ_WRITE = 1;
    private static final int CONSUMER = 1;
    private static final int MINIMUM_AND_MAXIMUM_FIXED = 0xc;
    private static final int SPACE_MEMORY = 0;
    private static final int SPACE_IO = 1;
    private static final int SPACE_BUS = 2;
    private static final int ENTIRE_RANGE = 3;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Ports at a fixed place (6.4.2.5). */
    Resources ports(int first, int count) {
        return u8(IO).u8(DECODES_16_BITS).u16(first).u16(first).u8(1).u8(count);
    }

    /** An ISA interrupt, edge-triggered and active high (6.4.2.1). */
    Resources isaInterrupt(int irq) { return u8(IRQ).u16(1 << irq); }

    /** Memory at a fixed place, read and written (6.4.3.4). */
    Resources memory(long start, int bytes) {
        return u8(MEMORY_32_FIXED).u16(9).u8(READ_WRITE).u32((int) start).u32(bytes);
    }

    /** A global interrupt, level-triggered, active high, not shared (6.4.3.6). */
    Resources interrupt(int input) { return u8(EXTENDED_INTERRUPT).u16(6).u8(CONSUMER).u8(1).u32(input); }

    /** The bus numbers behind a bridge (6.4.3.5.3). */
    Resources busWindow(int first, int last) { return wordWindow(SPACE_BUS, 0, first, last); }

    /** Ports that a bridge passes on (6.4.3.5.3). */
    Resources portWindow(int first, int last) { return wordWindow(SPACE_IO, ENTIRE_RANGE, first, last); }

    /** Memory that a bridge passes on, not cached, read and written (6.4.3.5.2). */
    Resources memoryWindow(long first, long last) {
        return u8(DWORD_ADDRESS_SPACE).u16(23).u8(SPACE_MEMORY).u8(MINIMUM_AND_MAXIMUM_FIXED).u8(READ_WRITE)
                .u32(0).u32((int) first).u32((int) last).u32(0).u32((int) (last - first + 1));
    }

    /** The template as an AML buffer; an end tag without a checksum counts as right (6.4.2.9). */
    byte[] buffer() {
        u8(END).u8(0);
        return Aml.buffer(out.toByteArray());
    }

    private Resources wordWindow(int space, int flags, int first, int last) {
        return u8(WORD_ADDRESS_SPACE).u16(13).u8(space).u8(MINIMUM_AND_MAXIMUM_FIXED).u8(flags)
                .u16(0).u16(first).u16(last).u16(0).u16(last - first + 1);
    }

    private Resources u8(int value) {
        out.write(value);
        return this;
    }

    private Resources u16(int value) { return u8(value).u8(value >>> 8); }

    private Resources u32(int value) { return u16(value).u16(value >>> 16); }
}
