package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Memory;
import org.junit.jupiter.api.Test;

/** Paging in 64-bit mode (SDM volume 3, chapter 4). */
class PagingTest {
    private static final long NO_EXECUTE = 1L << 63;

    private static Memory entry(int page) { return at("pt", 8 * page).bytes(8); }

    private static int address(int page) { return PAGES + 0x1000 * page; }

    /** Maps a page of the test's region: physical page and flags. */
    private static void map(Guest g, int page, int frame, long flags) { g.store(entry(page), address(frame) | flags); }

    private static void read(Guest g, int page) { g.probe(() -> g.a.mov(EAX, absolute(address(page)))); }

    private static void write(Guest g, int page) { g.probe(() -> g.a.mov(absolute(address(page)), EAX)); }

    private static void fetch(Guest g, int page) {
        g.probe(() -> {
            g.a.mov(EAX, address(page));
            g.a.call(RAX);
        });
    }

    /** Puts a RET at the start of a page. */
    private static void code(Guest g, int page) { g.a.mov(absolute(address(page)).bytes(1), 0xc3); }

    /** 4.7: error code bits P, W, U, RSVD and I; CR2. */
    @Test void pageFaultsTellTheirCause() {
        Guest g = long64();
        code(g, 3);
        code(g, 5);
        map(g, 0, 0, 0);
        map(g, 1, 1, 5);
        map(g, 2, 2, 3);
        map(g, 3, 3, 7 | NO_EXECUTE);
        map(g, 4, 4, 7 | 1L << 45);
        read(g, 0);
        write(g, 0);
        fetch(g, 0);
        read(g, 1);
        write(g, 1);
        fetch(g, 3);
        read(g, 4);
        write(g, 4);
        g.last("cr2=", "cr2");
        g.print("user ");
        g.probe(() -> g.user(() -> g.a.mov(EAX, absolute(address(0)))));
        g.probe(() -> g.user(() -> g.a.mov(absolute(address(0)), EAX)));
        g.probe(() -> g.user(() -> g.a.mov(EAX, absolute(address(2)))));
        g.probe(() -> g.user(() -> g.a.mov(absolute(address(1)), EAX)));
        g.probe(() -> g.user(() -> g.a.mov(EAX, absolute(address(4)))));
        g.probe(() -> {
            g.a.mov(EAX, address(3));
            g.user(() -> g.a.call(RAX));
        });
        g.reports("e/0+0 e/2+0 e/10+far ok e/3+0 e/11+far e/9+0 e/b+0 cr2=404000 "
                + "user e/4+2c e/6+2c e/5+2c e/7+2c e/d+2c e/15+far");
    }

    /** 4.6.1: CR0.WP counts for supervisor stores only. */
    @Test void writeProtectionCountsForSupervisorsByCr0() {
        Guest g = long64();
        map(g, 1, 1, 5);
        write(g, 1);
        g.and(CR0, ~0x1_0000);
        write(g, 1);
        g.probe(() -> g.user(() -> g.a.mov(absolute(address(1)), EAX)));
        g.or(CR0, 0x1_0000);
        write(g, 1);
        g.reports("e/3+0 ok e/7+2c e/3+0");
    }

    /** 4.6.1: SMEP keeps a supervisor from executing user pages, and EFER.NXE makes bit 63 count. */
    @Test void executionRights() {
        Guest g = long64();
        code(g, 3);
        map(g, 3, 3, 7);
        map(g, 4, 3, 3);
        map(g, 5, 3, 3 | NO_EXECUTE);
        kernelIsSupervisor(g);
        fetch(g, 3);
        g.or(CR4, 1 << 20);
        fetch(g, 3);
        fetch(g, 4);
        g.and(CR4, ~(1 << 20));
        fetch(g, 3);
        fetch(g, 5);
        g.msr(0xc000_0080, 0x101);
        read(g, 5);
        g.reports("ok e/11+far ok ok e/11+far e/9+0");
    }

    /** The pages of the program become supervisor pages: those of user code are of no use then. */
    private static void kernelIsSupervisor(Guest g) {
        g.a.mov(RAX, CR3);
        for (int i = 0; i < 2; i++) {
            g.a.and(at("pd", 8 * i).bytes(8), ~4);
        }
        g.a.mov(CR3, RAX);
    }

    /** 4.8: a walk sets accessed flags, a store the dirty flag of the page; loads leave it. */
    @Test void accessedAndDirtyFlags() {
        Guest g = long64();
        Assembler a = g.a;
        read(g, 6);
        g.hex("", entry(6));
        write(g, 6);
        g.hex("", entry(6));
        write(g, 7);
        g.hex("", entry(7));
        a.mov(EAX, at("pd", 16));
        a.and(EAX, 0xfff);
        g.hex("", RAX);
        g.a.and(entry(6), ~0x60);
        read(g, 6);
        write(g, 6);
        g.hex("", entry(6));
        g.a.invlpg(absolute(address(6)));
        read(g, 6);
        g.hex("", entry(6));
        map(g, 8, 8, 5);
        write(g, 8);
        g.hex("", entry(8));
        g.reports("ok 406027 ok 406067 ok 407067 27 ok ok 406007 ok 406027 e/3+0 408005");
    }

    /** 4.10: a translation stays until it is invalidated: by INVLPG, or by CR3 unless it is global. */
    @Test void translationsStayUntilInvalidated() {
        Guest g = long64();
        Assembler a = g.a;
        for (int i = 0; i < 4; i++) {
            a.mov(absolute(address(16 + i)).bytes(4), 0xa0 + i);
        }
        map(g, 0, 16, 7);
        map(g, 1, 17, 0x107);
        show(g);
        map(g, 0, 18, 7);
        map(g, 1, 19, 0x107);
        show(g);
        a.mov(RAX, CR3);
        a.mov(CR3, RAX);
        show(g);
        a.invlpg(absolute(address(1)));
        show(g);
        map(g, 1, 17, 0x107);
        g.and(CR4, ~0x80);
        show(g);
        map(g, 1, 19, 0x107);
        a.mov(RAX, CR3);
        a.mov(CR3, RAX);
        show(g);
        g.reports("a0 a1 a0 a1 a2 a1 a2 a3 a2 a1 a2 a3");
    }

    private static void show(Guest g) {
        for (int i = 0; i < 2; i++) {
            g.a.mov(EAX, absolute(address(i)));
            g.hex("", RAX);
        }
    }

    /** 4.10.4.1: INVLPG of any address in a large page drops all that is cached of it. */
    @Test void invlpgDropsAWholeLargePage() {
        Guest g = long64();
        Assembler a = g.a;
        a.mov(absolute(0x60_3000).bytes(4), 6);
        a.mov(absolute(0x80_3000).bytes(4), 8);
        a.mov(EAX, absolute(0x60_5000));
        g.store(at("pd", 24), 0x80_0087);
        a.mov(EAX, absolute(0x60_3000));
        g.hex("", RAX);
        a.invlpg(absolute(0x7f_f000));
        a.mov(EAX, absolute(0x60_3000));
        g.hex("", RAX);
        g.reports("6 8");
    }

    /** 4.5: pages of 1 GiB, and reserved bits in what leads to large pages and in their entries. */
    @Test void gigabytePagesAndReservedBits() {
        Guest g = long64();
        Assembler a = g.a;
        a.mov(absolute(0x40_0000).bytes(4), 0x1234);
        g.store(at("pdpt", 8), 0x87);
        a.mov(EAX, absolute(0x4040_0000));
        g.hex("", RAX);
        g.hex("", at("pdpt", 8).bytes(8));
        a.mov(absolute(0x4040_0000), EAX);
        g.hex("", at("pdpt", 8).bytes(8));
        g.store(at("pdpt", 8), 0x2087);
        a.invlpg(absolute(0x4000_0000));
        g.probe(() -> a.mov(EAX, absolute(0x4040_0000)));
        g.store(at("pd", 32), 0x60_2087);
        a.invlpg(absolute(0x80_0000));
        g.probe(() -> a.mov(EAX, absolute(0x80_0000)));
        g.store(at("pd", 32), 0x60_1087);
        g.probe(() -> a.mov(EAX, absolute(0x80_0000)));
        a.mov(RAX, at("pml4"));
        a.or(RAX, 0x80);
        a.mov(at("pml4", 8), RAX);
        a.mov(RBX, 0x80_0000_0000L);
        g.probe(() -> a.mov(EAX, at(RBX)));
        g.reports("1234 a7 e7 e/9+0 e/9+0 ok e/9+0");
    }

    /** An access across a page end faults for the page that is missing, and stores nothing (volume 3, 4.7). */
    @Test void accessAcrossAPageEnd() {
        Guest g = long64();
        Assembler a = g.a;
        a.mov(absolute(0x40_1ffc).bytes(4), 0x1111);
        a.mov(absolute(0x40_2000).bytes(4), 0x2222);
        a.mov(RAX, absolute(0x40_1ffc));
        g.hex("", RAX);
        map(g, 2, 2, 5);
        a.invlpg(absolute(0x40_2000));
        a.mov(RBX, -1);
        g.probe(() -> a.mov(absolute(0x40_1ffc), RBX));
        g.last("cr2=", "cr2");
        g.hex("", absolute(0x40_1ffc).bytes(8));
        map(g, 1, 2, 7);
        map(g, 2, 1, 7);
        a.invlpg(absolute(0x40_1000));
        a.invlpg(absolute(0x40_2000));
        a.mov(absolute(0x40_1ffe), RBX);
        g.hex("", absolute(0x40_1ffc).bytes(8));
        g.reports("222200001111 e/3+0 cr2=402000 222200001111 ffffffffffff0000");
    }
}
