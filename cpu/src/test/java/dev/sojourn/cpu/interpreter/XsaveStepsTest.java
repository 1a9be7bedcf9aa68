package dev.sojourn.cpu.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import org.junit.jupiter.api.Test;

/** The extended state area. */
class XsaveStepsTest {
    private static final int NONE = -1;
    private static final String XSAVE = "0fae26";
    private static final String XRSTOR = "0fae2e";
    private static final String XGETBV = "0f01d0";
    private static final String XSETBV = "0f01d1";

    private static Bench bench(int components) {
        Bench bench = new Bench(true);
        bench.cpu.cr4 |= Cpu.CR4_OSXSAVE;
        bench.cpu.r[Cpu.RSI] = Bench.DATA;
        bench.cpu.r[Cpu.RDX] = 0;
        bench.cpu.r[Cpu.RAX] = 3;
        assertEquals(NONE, bench.run(XSETBV));
        bench.cpu.r[Cpu.RAX] = components;
        return bench;
    }

    @Test
    void withoutTheSystemsConsentNoneIsAnInstruction() {
        try (Bench bench = new Bench(true)) {
            for (String code : new String[] {XSAVE, XRSTOR, XGETBV, XSETBV}) {
                bench.cpu.r[Cpu.RSI] = Bench.DATA;
                assertEquals(Vector.UD, bench.run(code), code);
            }
        }
    }

    @Test
    void whatWasSavedIsRestored() {
        try (Bench bench = bench(3)) {
            bench.xmm(15, 5, 6);
            bench.cpu.mxcsr.load(0x3f80);
            assertEquals(NONE, bench.run("dbe3 d9e8" + XSAVE));
            assertEquals(3, bench.memory.getLong(Bench.DATA + 512));
            bench.xmm(15, 0, 0);
            bench.cpu.mxcsr.load(0x1f80);
            assertEquals(NONE, bench.run("dbe3" + XRSTOR));
            assertEquals(6, bench.cpu.xmm[31]);
            assertEquals(0x3f80, bench.cpu.mxcsr.value());
            assertEquals(0x80, bench.cpu.fpu.abridgedTags());
        }
    }

    @Test
    void whatIsNotRequestedIsLeftAlone() {
        try (Bench bench = bench(1)) {
            bench.xmm(0, 5, 6);
            bench.memory.putLong(Bench.DATA + 160, 9);
            bench.memory.putLong(Bench.DATA + 24, 8);
            bench.memory.putLong(Bench.DATA + 512, 2);
            assertEquals(NONE, bench.run(XSAVE));
            assertEquals(9, bench.memory.getLong(Bench.DATA + 160));
            assertEquals(8, bench.memory.getLong(Bench.DATA + 24));
            assertEquals(3, bench.memory.getLong(Bench.DATA + 512));
            assertEquals(NONE, bench.run(XRSTOR));
            assertEquals(5, bench.cpu.xmm[0]);
        }
    }

    @Test
    void whatTheAreaDoesNotHoldIsInitialized() {
        try (Bench bench = bench(3)) {
            bench.xmm(3, 5, 6);
            bench.memory.putInt(Bench.DATA + 24, 0x1fa0);
            assertEquals(NONE, bench.run("dbe3 d9e8" + XRSTOR));
            assertEquals(0, bench.cpu.xmm[6]);
            assertEquals(0x1fa0, bench.cpu.mxcsr.value());
            assertEquals(0, bench.cpu.fpu.abridgedTags());
            assertEquals(0, bench.cpu.fpu.significand(7));
        }
    }

    @Test
    void badAreasAreRefused() {
        try (Bench bench = bench(3)) {
            bench.memory.putLong(Bench.DATA + 512, 4);
            assertEquals(Vector.GP, bench.run(XRSTOR));
            bench.memory.putLong(Bench.DATA + 512, 3);
            bench.memory.putLong(Bench.DATA + 520, Long.MIN_VALUE);
            assertEquals(Vector.GP, bench.run(XRSTOR));
            bench.memory.putLong(Bench.DATA + 520, 0);
            bench.memory.putInt(Bench.DATA + 24, 0x1_0000);
            assertEquals(Vector.GP, bench.run(XRSTOR));
            bench.cpu.r[Cpu.RSI] = Bench.DATA + 32;
            assertEquals(Vector.GP, bench.run(XSAVE));
        }
    }

    @Test
    void theControlRegisterTakesWhatThereIs() {
        try (Bench bench = bench(3)) {
            assertEquals(NONE, bench.run(XGETBV));
            assertEquals(3, bench.cpu.r[Cpu.RAX]);
            for (int value : new int[] {0, 2, 7}) {
                bench.cpu.r[Cpu.RAX] = value;
                assertEquals(Vector.GP, bench.run(XSETBV));
            }
            bench.cpu.r[Cpu.RCX] = 1;
            assertEquals(Vector.GP, bench.run(XGETBV));
        }
    }
}
