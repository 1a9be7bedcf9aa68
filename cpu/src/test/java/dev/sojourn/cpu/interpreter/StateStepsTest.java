package dev.sojourn.cpu.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import org.junit.jupiter.api.Test;

/** Images of the x87 and SSE state, and the x87 instructions about exceptions. */
class StateStepsTest {
    private static final int NONE = -1;
    private static final String FXSAVE = "0fae06";
    private static final String FXRSTOR = "0fae0e";

    private static Bench bench(boolean long64) {
        Bench bench = new Bench(long64);
        bench.cpu.r[Cpu.RSI] = Bench.DATA;
        return bench;
    }

    @Test
    void fxsaveWritesTheImageThatFxrstorReads() {
        try (Bench bench = bench(true)) {
            bench.xmm(0, 1, 2);
            bench.xmm(15, 3, 4);
            bench.cpu.mxcsr.load(0x9fc0);
            bench.memory.putLong(Bench.DATA + 464, 77);
            assertEquals(NONE, bench.run("dbe3 d9e8 d9ee " + FXSAVE));
            assertEquals(0x3000_037f, bench.memory.getInt(Bench.DATA));
            assertEquals(0xc0, bench.memory.getShort(Bench.DATA + 4));
            assertEquals(0x0000_ffff_0000_9fc0L, bench.memory.getLong(Bench.DATA + 24));
            assertEquals(0x8000_0000_0000_0000L, bench.memory.getLong(Bench.DATA + 48));
            assertEquals(0x3fff, bench.memory.getLong(Bench.DATA + 56));
            assertEquals(2, bench.memory.getLong(Bench.DATA + 168));
            assertEquals(4, bench.memory.getLong(Bench.DATA + 408));
            assertEquals(77, bench.memory.getLong(Bench.DATA + 464));
            bench.xmm(15, 0, 0);
            bench.cpu.mxcsr.load(0x1f80);
            assertEquals(NONE, bench.run("dbe3 " + FXRSTOR));
            assertEquals(3, bench.cpu.xmm[30]);
            assertEquals(0x9fc0, bench.cpu.mxcsr.value());
            assertEquals(0xc0, bench.cpu.fpu.abridgedTags());
            assertEquals(0x3fff, bench.cpu.fpu.exponent(1));
        }
    }

    @Test
    void fxsaveOutsideOf64BitModeLeavesOutTheUpperRegisters() {
        try (Bench bench = bench(false)) {
            bench.memory.putLong(Bench.DATA + 288, 5);
            bench.xmm(7, 8, 9);
            bench.xmm(8, 1, 1);
            assertEquals(NONE, bench.run(FXSAVE));
            assertEquals(9, bench.memory.getLong(Bench.DATA + 280));
            assertEquals(5, bench.memory.getLong(Bench.DATA + 288));
        }
    }

    @Test
    void stateImagesAreChecked() {
        try (Bench bench = bench(true)) {
            bench.memory.putInt(Bench.DATA, 0x1_0000);
            bench.memory.putInt(Bench.DATA + 24, 0x1_0000);
            assertEquals(Vector.GP, bench.run(FXRSTOR));
            assertEquals(Vector.GP, bench.run("0fae16"));
            assertEquals(0x1f80, bench.cpu.mxcsr.value());
            bench.cpu.r[Cpu.RSI] = Bench.DATA + 8;
            assertEquals(Vector.GP, bench.run(FXSAVE));
            bench.cpu.r[Cpu.RSI] = Bench.MAPPED_END - 16;
            assertEquals(Vector.PF, bench.run(FXSAVE));
            assertEquals(0, bench.memory.getLong(Bench.MAPPED_END - 16));
            bench.cpu.cr0 |= Cpu.CR0_TS;
            assertEquals(Vector.NM, bench.run(FXSAVE));
        }
    }

    @Test
    void mxcsrGoesToMemoryAndBack() {
        try (Bench bench = bench(true)) {
            bench.memory.putInt(Bench.DATA, 0xffff);
            assertEquals(NONE, bench.run("0fae16 0fae5e04"));
            assertEquals(0xffff, bench.memory.getInt(Bench.DATA + 4));
        }
    }

    @Test
    void fnsaveAndFrstorKeepTheLayoutOfTheOperandSize() {
        try (Bench bench = bench(false)) {
            assertEquals(NONE, bench.run("dbe3 d9e8 dd36"));
            assertEquals(0xffff_037f, bench.memory.getInt(Bench.DATA));
            assertEquals(0x3fff, bench.memory.getShort(Bench.DATA + 36));
            assertEquals(0, bench.cpu.fpu.abridgedTags());
            assertEquals(NONE, bench.run("dd26"));
            assertEquals(0x80, bench.cpu.fpu.abridgedTags());
            assertEquals(NONE, bench.run("66dd36"));
            assertEquals(0x3fff, bench.memory.getShort(Bench.DATA + 22));
            assertEquals(NONE, bench.run("66dd26 66d936 d926"));
            assertEquals(0x3800_037f, bench.memory.getInt(Bench.DATA));
        }
    }

    @Test
    void aPendingExceptionIsRaisedByTheNextInstructionThatWaits() {
        try (Bench bench = bench(true)) {
            bench.memory.putShort(Bench.DATA, 0x360);
            assertEquals(NONE, bench.run("dbe3 d92e d9ee d9e8 def1"));
            assertEquals(NONE, bench.run("dfe0"));
            assertEquals(0x84, bench.cpu.r[Cpu.RAX] & 0xff);
            assertEquals(Vector.MF, bench.run("9b"));
            assertEquals(Vector.MF, bench.run("d9e8"));
            assertEquals(NONE, bench.run("dbe2 9b"));
        }
    }

    @Test
    void fwaitAloneHeedsMonitorCoprocessor() {
        try (Bench bench = bench(true)) {
            bench.cpu.cr0 |= Cpu.CR0_TS;
            assertEquals(Vector.NM, bench.run("9b"));
            assertEquals(Vector.NM, bench.run("dbe3"));
            bench.cpu.cr0 &= ~Cpu.CR0_MP;
            assertEquals(NONE, bench.run("9b"));
            assertEquals(Vector.NM, bench.run("d9e8"));
        }
    }

    @Test
    void aStoreThatFaultsPopsNothing() {
        try (Bench bench = bench(true)) {
            bench.cpu.r[Cpu.RSI] = Bench.MAPPED_END - 4;
            assertEquals(Vector.PF, bench.run("dbe3 d9e8 db3e"));
            assertEquals(0x80, bench.cpu.fpu.abridgedTags());
            assertEquals(0, bench.memory.getInt(Bench.MAPPED_END - 4));
            bench.cpu.r[Cpu.RSI] = Bench.MAPPED_END;
            assertEquals(Vector.PF, bench.run("dd1e"));
            assertEquals(0x80, bench.cpu.fpu.abridgedTags());
            assertEquals(0x3fff, bench.cpu.fpu.exponent(0));
        }
    }

    @Test
    void encodingsWithoutMeaningAreNoInstructions() {
        try (Bench bench = bench(true)) {
            for (String code : new String[] {"d90e", "db26", "db36", "dd2e", "d9d1", "d9e2", "dae8", "dbe5", "ddf0",
                "ded8", "dfe1", "dff8"}) {
                assertEquals(Vector.UD, bench.run("dbe3" + code), code);
            }
        }
    }
}
