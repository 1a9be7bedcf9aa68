package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import org.junit.jupiter.api.Test;

/** Paging outside long mode: two levels, and PAE (SDM volume 3, 4.3 and 4.4), and the switches between the modes. */
class PagingOf32BitsTest {
    private static final int DIRECTORY = PAGES;
    private static final int TABLE = PAGES + 0x1000;
    private static final int POINTERS = PAGES + 0x2000;
    private static final int PAE_DIRECTORY = PAGES + 0x3000;
    private static final int REGION = 0x80_0000;
    private static final int PSE = 0x10;
    private static final int PAE = 0x20;
    private static final int PGE = 0x80;

    private final Guest g = flat32();
    private final Assembler a = g.a;

    /** Fills a table with entries that lead to consecutive pages. */
    private void fill(int table, int count, int entryBytes, int first, int pageBytes) {
        String next = g.name();
        a.mov(EDI, table);
        a.mov(EAX, first);
        a.mov(ECX, count);
        a.label(next);
        a.mov(at(EDI), EAX);
        a.add(EDI, entryBytes);
        a.add(EAX, pageBytes);
        a.loop(next);
    }

    private void paging(int cr3, int cr4) {
        g.or(CR4, cr4);
        a.mov(EAX, cr3);
        a.mov(CR3, RAX);
        g.or(CR0, 0x8001_0000L);
    }

    private void twoLevels() {
        fill(DIRECTORY, 1024, 4, 0x87, 0x40_0000);
        fill(TABLE, 1024, 4, REGION | 7, 0x1000);
        a.mov(absolute(DIRECTORY + 8).bytes(4), TABLE | 7);
    }

    /** 4.3: pages of 4 KiB and 4 MiB, accessed and dirty flags, error codes; bit 21 of a large page is reserved. */
    @Test void twoLevelsWithLargePages() {
        twoLevels();
        paging(DIRECTORY, PSE);
        a.mov(absolute(REGION + 0x5000).bytes(4), 0x1234);
        a.mov(EAX, absolute(REGION + 0x6000));
        g.hex("", absolute(TABLE + 4 * 5).bytes(4));
        g.hex("", absolute(TABLE + 4 * 6).bytes(4));
        g.hex("", absolute(DIRECTORY + 8).bytes(4));
        a.mov(absolute(DIRECTORY + 12).bytes(4), REGION | 0x85);
        a.mov(EAX, absolute(0xc0_5000));
        g.hex("", EAX);
        g.probe(() -> a.mov(absolute(0xc0_5000), EAX));
        g.hex("", absolute(DIRECTORY + 12).bytes(4));
        a.mov(absolute(DIRECTORY + 12).bytes(4), REGION | 0x20_0087);
        a.invlpg(absolute(0xc0_0000));
        g.probe(() -> a.mov(EAX, absolute(0xc0_5000)));
        a.mov(absolute(DIRECTORY + 12).bytes(4), 0);
        g.probe(() -> a.mov(EAX, absolute(0xc0_5000)));
        a.mov(absolute(DIRECTORY + 8).bytes(4), TABLE | 3);
        a.invlpg(absolute(REGION));
        g.probe(() -> g.user(() -> {
            a.mov(ECX, USER_DATA);
            a.mov(DS, ECX);
            a.mov(absolute(REGION + 0x5000), EAX);
        }));
        g.last("cr2=", "cr2");
        a.mov(EBX, REGION + 0x5000);
        g.probe(() -> g.user(() -> a.jmp(EBX)));
        g.reports("805067 806027 401027 1234 e/3+0 8000a5 e/9+0 e/0+0 e/7+31 cr2=805000 e/5+far");
    }

    /** Table 4-4, PSE-36: bits 13 to 20 of a large page are bits 32 to 39 of its address. */
    @Test void largePagesReachBeyond4GiB() {
        twoLevels();
        a.mov(absolute(DIRECTORY + 12).bytes(4), 1 << 13 | 0x87);
        paging(DIRECTORY, PSE);
        a.mov(EAX, absolute(0xc0_0000));
        g.hex("", EAX);
        g.reports("ffffffff");
    }

    private void pae() {
        fill(PAE_DIRECTORY, 512, 8, 0x87, 0x20_0000);
        a.mov(absolute(POINTERS).bytes(4), PAE_DIRECTORY | 1);
    }

    private void readAlias() { g.probe(() -> a.mov(EAX, absolute(0x4040_0000))); }

    private void reload() {
        a.mov(EAX, CR3);
        g.probe(() -> a.mov(CR3, RAX));
    }

    /** 4.4.1: the four pointers are loaded with CR3, and by CR0 and CR4 if they change the paging. */
    @Test void pointersAreLoadedWithCr3() {
        pae();
        paging(POINTERS, PAE);
        readAlias();
        a.mov(absolute(POINTERS + 8).bytes(4), PAE_DIRECTORY | 1);
        readAlias();
        g.and(CR0, ~0x1_0000);
        readAlias();
        a.invlpg(absolute(0x4040_0000));
        readAlias();
        reload();
        readAlias();
        a.mov(absolute(POINTERS + 8).bytes(4), 0);
        readAlias();
        g.or(CR4, PGE);
        readAlias();
        g.reports("e/0+0 e/0+0 e/0+0 e/0+0 ok ok ok e/0+0");
    }

    /** 4.4.1: reserved bits in a present pointer refuse the load. */
    @Test void pointersWithReservedBitsAreRefused() {
        pae();
        a.mov(absolute(POINTERS + 24).bytes(4), PAE_DIRECTORY | 3);
        g.or(CR4, PAE);
        a.mov(EAX, POINTERS);
        g.probe(() -> a.mov(CR3, RAX));
        a.mov(EAX, CR0);
        a.or(EAX, 0x8000_0000);
        g.probe(() -> a.mov(CR0, RAX));
        a.mov(absolute(POINTERS + 24).bytes(4), 2);
        a.mov(EAX, CR0);
        a.or(EAX, 0x8000_0000);
        g.probe(() -> a.mov(CR0, RAX));
        for (int bits : new int[] {2, 4, 0x20, 0x100, 0x18, 0xe00}) {
            a.mov(absolute(POINTERS + 16).bytes(4), PAE_DIRECTORY | bits | 1);
            reload();
        }
        a.mov(absolute(POINTERS + 16).bytes(4), PAE_DIRECTORY | 0x21);
        a.mov(EAX, CR4);
        a.or(EAX, PGE);
        g.probe(() -> a.mov(CR4, RAX));
        a.mov(EAX, CR4);
        g.hex("", EAX);
        g.reports("ok d/0+0 ok d/0+0 d/0+0 d/0+0 d/0+0 ok ok d/0+0 20");
    }

    /** 4.4.2: bits beyond the physical address, and bit 63 without EFER.NXE, are reserved in PAE's entries. */
    @Test void reservedBitsOfPaeEntries() {
        pae();
        paging(POINTERS, PAE);
        for (int high : new int[] {0x100, 0x8000_0000, 0x4000_0000, 0x80}) {
            a.mov(absolute(PAE_DIRECTORY + 36).bytes(4), high);
            a.invlpg(absolute(REGION));
            g.probe(() -> a.mov(EAX, absolute(REGION)));
        }
        g.msr(0xc000_0080, 0x800);
        a.mov(absolute(PAE_DIRECTORY + 36).bytes(4), 0x8000_0000);
        a.invlpg(absolute(REGION));
        g.probe(() -> a.mov(EAX, absolute(REGION)));
        a.mov(EBX, REGION);
        g.probe(() -> a.jmp(EBX));
        a.mov(absolute(PAE_DIRECTORY + 32).bytes(4), REGION | 0x2087);
        a.invlpg(absolute(REGION));
        g.probe(() -> a.mov(EAX, absolute(REGION)));
        g.reports("e/9+0 e/9+0 e/9+0 ok ok e/11+far e/9+0");
    }

    /** 9.8.5: long mode needs PAE; EFER.LMA follows paging; the ways there, to compatibility mode, and back. */
    @Test void longModeAndBack() {
        g.msr(0xc000_0080, 0x100);
        a.mov(EAX, CR0);
        a.or(EAX, 0x8000_0000);
        g.probe(() -> a.mov(CR0, RAX));
        efer();
        a.mov(EAX, "pml4");
        paging2(PAE);
        efer();
        a.farJump(CODE_64, "in64", 4);
        a.bits(64);
        a.label("in64");
        g.hex("64: ", RSP);
        a.push(CODE_32);
        a.mov(RAX, "back32");
        a.push(RAX);
        a.retf(8);
        a.bits(32);
        a.label("back32");
        efer();
        a.mov(EAX, CR0);
        a.and(EAX, 0x7fff_ffff);
        a.mov(CR0, RAX);
        efer();
        g.msr(0xc000_0080, 0);
        pae();
        paging(POINTERS, 0);
        efer();
        g.probe(a::ud2);
        g.reports("d/0+0 100 500 64: 3e0000 500 100 0 6/0+0");
    }

    private void paging2(int cr4) {
        a.mov(CR3, RAX);
        g.or(CR4, cr4);
        g.or(CR0, 0x8000_0000L);
    }

    private void efer() {
        a.mov(ECX, 0xc000_0080L);
        a.rdmsr();
        g.hex("", EAX);
    }
}
