package dev.sojourn.cpu.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import org.junit.jupiter.api.Test;

/** Exceptions of MMX and SSE instructions: which, in what order, and that nothing has changed. */
class VectorFaultsTest {
    private static final int NONE = -1;
    private static final int UNMASKED = 0;
    private static final String ADDPS_RSI = "0f5806";
    private static final String PADDB_MMX = "0ffcc1";

    @Test
    void unalignedMemoryIsRefusedButWhereTheManualAllowsIt() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.r[Cpu.RSI] = Bench.DATA + 8;
            for (String code : new String[] {"0f2806", "0f2906", "660f6f06", "660f7f06", "0f2b06", "660fe706",
                "660f382a06", "660fef06", "660fd106", "660f380006", "f20fd006", "f20fe606", "660f3a0f0601"}) {
                assertEquals(Vector.GP, bench.run(code), code);
            }
            for (String code : new String[] {"0f1006", "0f1106", "660f1006", "f30f6f06", "f30f7f06", "f20ff006",
                "f20f5806", "f30f5806", "660f3a630600", "660f3a610600", "660f382006", "f30fe606", "f20f1206",
                "0f5a06", "660f3a210600"}) {
                assertEquals(NONE, bench.run(code), code);
            }
        }
    }

    @Test
    void aStoreThatReachesAnAbsentPageWritesNothing() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.r[Cpu.RSI] = Bench.MAPPED_END - 8;
            bench.cpu.r[Cpu.RDI] = Bench.MAPPED_END - 8;
            bench.xmm(0, -1, -1);
            assertEquals(Vector.PF, bench.run("0f1106"));
            assertEquals(Vector.PF, bench.run("660ff7c0"));
            assertEquals(Bench.MAPPED_END, bench.cpu.cr2);
            assertEquals(0, bench.memory.getLong(Bench.MAPPED_END - 8));
            assertEquals(Vector.PF, bench.run("0f1006"));
            assertEquals(-1, bench.cpu.xmm[0]);
        }
    }

    @Test
    void aMaskOfZerosFaultsAllTheSame() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.r[Cpu.RDI] = Bench.MAPPED_END;
            assertEquals(Vector.PF, bench.run("660ff7c1"));
        }
    }

    @Test
    void anUnmaskedFloatingPointExceptionLeavesTheDestinationAlone() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.mxcsr.load(UNMASKED);
            bench.xmm(0, Double.doubleToRawLongBits(1), 7);
            assertEquals(Vector.XM, bench.run("f20f5ec1"));
            assertEquals(Double.doubleToRawLongBits(1), bench.cpu.xmm[0]);
            assertEquals(4, bench.cpu.mxcsr.value());
            bench.cpu.cr4 &= ~Cpu.CR4_OSXMMEXCPT;
            assertEquals(Vector.UD, bench.run("f20f5ec1"));
        }
    }

    @Test
    void sseNeedsTheSystemsConsent() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.cr0 |= Cpu.CR0_TS;
            assertEquals(Vector.NM, bench.run("0f57c0"));
            assertEquals(Vector.NM, bench.run(PADDB_MMX));
            bench.cpu.cr0 |= Cpu.CR0_EM;
            assertEquals(Vector.UD, bench.run("0f57c0"));
            assertEquals(Vector.UD, bench.run(PADDB_MMX));
            bench.cpu.cr0 &= ~(Cpu.CR0_EM | Cpu.CR0_TS);
            bench.cpu.cr4 &= ~Cpu.CR4_OSFXSR;
            assertEquals(Vector.UD, bench.run("0f57c0"));
            assertEquals(NONE, bench.run(PADDB_MMX));
        }
    }

    @Test
    void mmxWaitsForTheX87Unit() {
        try (Bench bench = new Bench(true)) {
            bench.cpu.fpu.initialize();
            bench.cpu.fpu.control(0x37e);
            bench.cpu.fpu.status(1);
            assertEquals(Vector.MF, bench.run(PADDB_MMX));
            assertEquals(Vector.MF, bench.run("0f2ac0"));
            assertEquals(NONE, bench.run("660ffcc1"));
            assertEquals(0, bench.cpu.fpu.abridgedTags());
        }
    }

    @Test
    void whatTheModelDoesNotHaveIsNoInstruction() {
        try (Bench bench = new Bench(true)) {
            for (String code : new String[] {"c5f857c0", "c4e27918c0", "62f17c4858c0", "660f3a44c100", "660f38dcc1",
                "660f79c1", "f20f2b06", "0f38f006", "f30faec0", "f30fc7f8", "f30ffcc1", "660f77", "660fae06",
                "0f38c8c1", "660f38f6c1", "0f0b"}) {
                bench.cpu.r[Cpu.RSI] = Bench.DATA;
                assertEquals(Vector.UD, bench.run(code), code);
            }
        }
    }
}
