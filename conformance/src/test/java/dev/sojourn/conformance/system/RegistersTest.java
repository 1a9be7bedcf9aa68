package dev.sojourn.conformance.system;

import static dev.sojourn.assembler.Memory.absolute;
import static dev.sojourn.assembler.Memory.at;
import static dev.sojourn.assembler.Register.*;
import static dev.sojourn.conformance.system.Guest.*;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.assembler.Register;
import org.junit.jupiter.api.Test;

/** Control and model-specific registers (SDM volume 3, 2.5; volume 4). */
class RegistersTest {
    private static final int EFER = 0xc000_0080;
    private static final int PAT = 0x277;
    private static final int FS_BASE = 0xc000_0100;
    private static final int GS_BASE = 0xc000_0101;
    private static final int KERNEL_GS_BASE = 0xc000_0102;
    private static final int TSC_AUX = 0xc000_0103;
    private static final int TSC_ADJUST = 0x3b;
    private static final long NOT_CANONICAL = 0x8000_0000_0000L;

    private final Guest g = long64();
    private final Assembler a = g.a;

    private void write(int index, long value) { g.probe(() -> g.msr(index, value)); }

    private void show(int index) {
        a.mov(ECX, index & 0xffff_ffffL);
        a.rdmsr();
        a.shl(RDX, 32);
        a.or(RAX, RDX);
        g.hex("", RAX);
    }

    /** Writes 64 bits to a control register in a probe. */
    private void control(Register register, long value) {
        a.mov(RBX, value);
        g.probe(() -> a.mov(register, RBX));
    }

    @Test void reservedBitsAndUnknownRegistersAreProtectionFaults() {
        write(EFER, 0x903);
        write(EFER, 0x801);
        write(PAT, 0x0007_0406_0007_0402L);
        write(PAT, 0x0007_0406_0007_0408L);
        write(PAT, 0x0006_0504_0100_0706L);
        show(PAT);
        write(0xc000_0082, NOT_CANONICAL);
        write(FS_BASE, NOT_CANONICAL);
        write(GS_BASE, -1);
        write(KERNEL_GS_BASE, NOT_CANONICAL);
        write(0x175, NOT_CANONICAL);
        write(0x176, 1L << 63);
        write(0x12345, 0);
        g.probe(() -> {
            a.mov(ECX, 0x4000_0000);
            a.rdmsr();
        });
        write(0x10a, 0);
        write(0xfe, 0);
        g.reports("d/0+f d/0+f d/0+f d/0+f ok 6050401000706 d/0+f d/0+f ok d/0+f d/0+f d/0+f d/0+f d/0+5 d/0+f d/0+f");
    }

    /** 2.5: reserved bits and combinations that cannot be. */
    @Test void controlRegistersRefuseWhatCannotBe() {
        control(CR0, 0x8001_0033L | 1L << 32);
        control(CR0, 0x8000_0032L);
        control(CR0, 0xa001_0033L);
        control(CR0, 0x0001_0033L);
        control(CR4, 0x680);
        control(CR4, 0x6a0 | 1 << 13);
        control(CR4, 0x6a0 | 1 << 14);
        control(CR4, 0x6a0 | 1L << 40);
        control(CR3, 1L << 45);
        control(CR8, 0x10);
        control(CR8, 0xf);
        a.mov(RAX, CR8);
        g.hex("", RAX);
        g.probe(0x0f, 0x20, 0xc8);
        g.probe(0x0f, 0x22, 0xe8);
        g.probe(0xf0, 0x0f, 0x20, 0xc0);
        a.mov(EAX, 0);
        a.lmsw(EAX);
        a.smsw(RAX);
        g.hex("", RAX);
        g.reports("d/0+0 ".repeat(10) + "ok f 6/0+0 6/0+0 6/0+0 80010031");
    }

    /** Volume 2, SWAPGS; the bases behind FS and GS, and what a selector does to them. */
    @Test void basesOfFsAndGs() {
        a.mov(absolute(PAGES).bytes(4), 0x111);
        a.mov(absolute(PAGES + 0x1000).bytes(4), 0x222);
        g.msr(GS_BASE, PAGES);
        g.msr(KERNEL_GS_BASE, PAGES + 0x1000);
        a.mov(EAX, absolute(0).in(GS));
        g.hex("", RAX);
        a.swapgs();
        a.mov(EAX, absolute(0).in(GS));
        g.hex("", RAX);
        show(KERNEL_GS_BASE);
        g.msr(FS_BASE, -8L);
        a.mov(EBX, PAGES + 8);
        a.mov(EAX, at(RBX).in(FS));
        g.hex("", RAX);
        a.mov(EAX, DATA);
        a.mov(FS, EAX);
        show(FS_BASE);
        g.reports("111 222 400000 111 0");
    }

    /** 17.17.3: IA32_TSC_ADJUST moves with what is written to IA32_TSC, and the counter with it. */
    @Test void timeStampCounterIsAdjusted() {
        g.msr(TSC_AUX, 0x1234_5678);
        a.rdtscp();
        g.hex("aux=", RCX);
        show(TSC_ADJUST);
        g.msr(TSC_ADJUST, 1L << 40);
        a.rdtsc();
        a.shr(EDX, 8);
        g.hex("", RDX);
        g.msr(0x10, 7L << 40);
        a.rdtsc();
        a.shr(EDX, 8);
        g.hex("", RDX);
        a.mov(ECX, TSC_ADJUST);
        a.rdmsr();
        a.inc(EDX);
        a.shr(EDX, 8);
        g.hex("", RDX);
        g.or(CR4, 4);
        g.probe(a::rdtsc);
        g.probe(() -> g.user(a::rdtsc));
        g.probe(() -> g.user(a::rdtscp));
        g.reports("aux=12345678 0 1 7 7 ok d/0+2c d/0+2c");
    }

    /** Volume 2: what CPUID does not advertise is #UD, or what its bytes mean without it. */
    @Test void whatIsNotAdvertisedIsNoInstruction() {
        g.probe(0xc5, 0xf9, 0xef, 0xc0);                    // VPXOR
        g.probe(0xc4, 0xe2, 0x78, 0xf2, 0xc0);              // ANDN
        g.probe(0x62, 0xf1, 0x7d, 0x48, 0xef, 0xc0);        // EVEX
        g.probe(0x0f, 0xae, 0x20);                          // XSAVE
        g.probe(0x0f, 0xae, 0x28);                          // XRSTOR
        g.probe(0x0f, 0xae, 0x30);                          // XSAVEOPT
        g.probe(0x0f, 0xc7, 0x20);                          // XSAVEC
        g.probe(a::xgetbv);
        g.probe(a::xsetbv);
        g.probe(0x0f, 0x38, 0xf0, 0x00);                    // MOVBE
        g.probe(0x66, 0x0f, 0x38, 0xdc, 0xc0);              // AESENC
        g.probe(0x66, 0x0f, 0x3a, 0x44, 0xc0, 0x00);        // PCLMULQDQ
        g.probe(0x0f, 0x38, 0xc8, 0xc0);                    // SHA1NEXTE
        g.probe(0x66, 0x0f, 0x38, 0xf6, 0xc0);              // ADCX
        g.probe(0xf3, 0x0f, 0xae, 0xc0);                    // RDFSBASE
        g.probe(0xf3, 0x0f, 0xc7, 0xf8);                    // RDPID
        g.probe(0x66, 0x0f, 0x38, 0x82, 0x00);              // INVPCID
        g.probe(0x0f, 0x01, 0xc8);                          // MONITOR
        g.probe(0x0f, 0x01, 0xc9);                          // MWAIT
        g.probe(0x0f, 0x01, 0xca);                          // CLAC
        g.probe(0x0f, 0x01, 0xcb);                          // STAC
        g.probe(0x0f, 0x01, 0xc1);                          // VMCALL
        g.probe(0x0f, 0x01, 0xc2);                          // VMLAUNCH
        g.probe(0x0f, 0x78, 0xc0);                          // VMREAD
        g.probe(0xf3, 0x0f, 0xc7, 0x30);                    // VMXON
        g.probe(0x0f, 0x01, 0xd8);                          // VMRUN
        g.probe(0x0f, 0x01, 0xd9);                          // VMMCALL
        g.probe(0x66, 0x0f, 0xae, 0x38);                    // CLFLUSHOPT
        g.probe(0xc7, 0xf8, 0, 0, 0, 0);                    // XBEGIN
        g.probe(0x0f, 0x37);                                // GETSEC
        g.probe(0x0f, 0xaa);                                // RSM
        g.probe(0x0f, 0x0f, 0xc0, 0x9e);                    // 3DNow!
        g.reports("6/0+0 ".repeat(32));
    }

    @Test void hintsAreNoOperationsAndTrailingZeroCountIsBsf() {
        g.probe(0xf3, 0x0f, 0x1e, 0xfa);                    // ENDBR64
        g.probe(0x0f, 0x18, 0x00);                          // PREFETCHNTA
        g.probe(0x0f, 0x0d, 0x08);                          // PREFETCHW
        g.probe(0x0f, 0x1f, 0x44, 0x00, 0x00);
        g.probe(a::pause);
        a.mov(ECX, 0x50);
        a.mov(EDX, 0x77);
        a.db(0xf3, 0x0f, 0xbc, 0xc1);
        g.hex("", RAX);
        a.db(0xf3, 0x0f, 0xbd, 0xc1);
        g.hex("", RAX);
        a.xor(ECX, ECX);
        a.db(0xf3, 0x0f, 0xbc, 0xd1);
        g.hex("", RDX);
        g.probe(a::rdpmc);
        a.mov(ECX, 2);
        g.probe(a::rdpmc);
        g.probe(0x0f, 0xff, 0xc0);
        g.probe(0x0f, 0xb9, 0xc0);
        g.reports("ok ok ok ok ok 4 6 77 ok d/0+0 6/0+0 6/0+0");
    }

    /** An instruction has 15 bytes at most (volume 2, 2.3.11); LOCK goes with few (volume 2, LOCK). */
    @Test void tooLongAndWronglyLockedInstructions() {
        g.probe(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90);
        g.probe(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90);
        g.probe(0xf0, 0x90);
        g.probe(0xf0, 0x01, 0xc0);
        g.probe(0xf0, 0x39, 0x00);
        g.reports("ok d/0+0 6/0+0 6/0+0 6/0+0");
    }

    /** The processor model of sojourn-1, leaf by leaf, as one processor of two sees it. */
    @Test void cpuidIsThatOfTheMachineType() {
        int[][] leaves = {{0, 0}, {1, 0}, {2, 0}, {4, 0}, {4, 1}, {4, 2}, {4, 3}, {4, 4}, {6, 0}, {7, 0}, {7, 1},
            {0xa, 0}, {0xb, 0}, {0xb, 1}, {0xb, 2}, {0xd, 0}, {0x15, 0}, {0x16, 0}, {0x17, 0},
            {0x4000_0000, 0}, {0x8000_0000, 0}, {0x8000_0001, 0},
            {0x8000_0002, 0}, {0x8000_0003, 0}, {0x8000_0004, 0}, {0x8000_0006, 0}, {0x8000_0007, 0}, {0x8000_0008, 0}};
        for (int[] leaf : leaves) {
            a.mov(EAX, leaf[0] & 0xffff_ffffL);
            a.mov(ECX, leaf[1]);
            a.cpuid();
            a.mov(ESI, EDX);
            g.hex(Integer.toHexString(leaf[0]) + "." + leaf[1] + " ", RAX);
            g.hex("", RBX);
            g.hex("", RCX);
            g.hex(RSI);
            g.print("\n");
        }
        g.cpus(2).reports("""
                0.0 16 756e6547 6c65746e 49656e69
                1.0 206c2 20800 45982201 178bbb7d
                2.0 feff01 0 0 0
                4.0 4000121 1c0003f 3f 0
                4.1 4000122 1c0003f 3f 0
                4.2 4000143 1c0003f 1ff 0
                4.3 4004163 3c0003f 1fff 0
                4.4 0 0 0 0
                6.0 4 0 0 0
                7.0 0 40282 0 2c000010
                7.1 0 0 0 0
                a.0 280201 0 0 0
                b.0 0 1 100 0
                b.1 1 2 201 0
                b.2 0 0 2 0
                d.0 3 240 240 0
                15.0 1 28 17d7840 0
                16.0 3e8 3e8 64 0
                17.0 0 0 0 0
                40000000.0 0 0 0 0
                80000000.0 80000008 0 0 0
                80000001.0 0 0 1 2c100800
                80000002.0 6f6a6f53 206e7275 2d363878 762d3436
                80000003.0 72502032 7365636f 20726f73 6a6f7328
                80000004.0 6e72756f 29312d 0 0
                80000006.0 0 0 1006040 0
                80000007.0 0 0 0 100
                80000008.0 3028 0 0 0
                """);
    }
}
