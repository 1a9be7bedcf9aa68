package dev.sojourn.conformance.system;

import dev.sojourn.assembler.Assembler;
import java.util.List;

/** The data of a guest: descriptor tables, task state, page tables, and what probes keep. */
final class Tables {
    private static final int PRESENT_WRITABLE_USER = 7;
    private static final int LARGE = 0x80;
    /** Present, writable, not cached, large. */
    private static final int DEVICE = 0x9b;

    private Tables() {}

    /** What descriptors name by its address. */
    static void emitNamed(Guest guest) {
        guest.a.align(16);
        guest.a.label("ldt");
        guest.a.dq(guest.ldt);
        guest.a.label("task");
        guest.a.db(guest.task);
    }

    static void emit(Guest guest, List<String> probes, List<String> returns) {
        Assembler a = guest.a;
        a.bits(64);
        a.align(16);
        a.label("gdt");
        a.dq(guest.gdt);
        a.label("gdtr");
        a.dw(8 * guest.gdt.length - 1);
        a.dq("gdt");
        a.label("idtr");
        a.dw(guest.width() == 64 ? 0xfff : 0x7ff);
        a.dq("idt");
        a.align(16);
        for (String word : List.of("last", "lastAx", "probe", "saved", "return", "kernel", "word")) {
            a.label(word);
            a.dq(word.equals("last") ? new long[8] : new long[1]);
        }
        a.label("probes");
        probes.forEach(a::dq);
        a.label("returns");
        returns.forEach(a::dq);
        a.align(4096);
        a.label("idt");
        a.dq(guest.idt);
        pages(a);
    }

    private static void pages(Assembler a) {
        a.label("pml4");
        entries(a, new long[512], 0, "pdpt");
        a.label("pdpt");
        a.dq("pd", PRESENT_WRITABLE_USER);
        a.dq(0, 0);
        a.dq("pdHigh", PRESENT_WRITABLE_USER);
        a.dq(new long[508]);
        a.label("pd");
        long[] large = new long[512];
        for (int i = 0; i < large.length; i++) {
            large[i] = (long) i << 21 | LARGE | PRESENT_WRITABLE_USER;
        }
        entries(a, large, Guest.PAGES >> 21, "pt");
        a.label("pdHigh");
        long[] devices = new long[512];
        devices[0x1f6] = 0xfec0_0000L | DEVICE;
        devices[0x1f7] = 0xfee0_0000L | DEVICE;
        a.dq(devices);
        a.label("pt");
        for (int i = 0; i < 512; i++) {
            a.dq(Guest.PAGES + i * 4096 | PRESENT_WRITABLE_USER);
        }
    }

    /** A table with one entry that leads to the table at a label. */
    private static void entries(Assembler a, long[] values, int index, String label) {
        for (int i = 0; i < values.length; i++) {
            if (i == index) {
                a.dq(label, PRESENT_WRITABLE_USER);
            } else {
                a.dq(values[i]);
            }
        }
    }
}
