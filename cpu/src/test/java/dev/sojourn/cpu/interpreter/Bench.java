package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Hooks;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;
import java.util.HexFormat;

/**
 * A processor on the bench: bytes go in as code, and out comes what they did or the exception they raised.
 *
 * <p>It runs at level 0 with SSE enabled: in 64-bit mode with the first 2 MiB mapped onto themselves, or in flat 32-bit
 * mode without paging. Each exception has a gate to an address of its own.
 */
public final class Bench implements AutoCloseable {
    /** Data is here; so much of it may be used, to the end of the mapped memory. */
    public static final int DATA = 0x10_0000;
    public static final int MAPPED_END = 0x20_0000;

    private static final int PAGE_TABLES = 0x1000;
    private static final int GDT = 0x5000;
    private static final int IDT = 0x6000;
    private static final int HANDLERS = 0x7000;
    private static final int CODE = 0x8000;
    private static final int STACK = 0x9_0000;
    private static final int SELECTOR = 8;
    private static final int VECTORS = 32;
    private static final int CODE_64 = 0xa09b;
    private static final int CODE_32 = 0xc09b;
    private static final int DATA_32 = 0xc093;

    public final GuestMemory memory = new GuestMemory(4 << 20);
    public final Cpu cpu = new Cpu(0, new NoMachine(), memory);
    private final Interpreter interpreter = new Interpreter(memory, cpu);

    public Bench(boolean long64) {
        cpu.cr0 = Cpu.CR0_PE | Cpu.CR0_MP | Cpu.CR0_NE | Cpu.CR0_ET;
        cpu.cr4 = Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
        if (long64) {
            page();
        }
        tables(long64);
        for (int i = 0; i < 6; i++) {
            cpu.segments[i].set(2 * SELECTOR, 0, 0xffff_ffffL, DATA_32);
        }
        cpu.segments[Instruction.CS].set(SELECTOR, 0, 0xffff_ffffL, long64 ? CODE_64 : CODE_32);
        cpu.r[Cpu.RSP] = STACK;
        cpu.mmu.flushAll();
        cpu.modeChanged();
    }

    private void page() {
        memory.putLong(PAGE_TABLES, PAGE_TABLES + 0x1000 | 3);
        memory.putLong(PAGE_TABLES + 0x1000, PAGE_TABLES + 0x2000 | 3);
        memory.putLong(PAGE_TABLES + 0x2000, 0x83);
        cpu.cr3 = PAGE_TABLES;
        cpu.cr0 |= Cpu.CR0_PG;
        cpu.cr4 |= Cpu.CR4_PAE;
        cpu.efer = Cpu.EFER_LME | Cpu.EFER_LMA;
    }

    private void tables(boolean long64) {
        memory.putLong(GDT + SELECTOR, long64 ? 0x00af_9b00_0000_ffffL : 0x00cf_9b00_0000_ffffL);
        memory.putLong(GDT + 2 * SELECTOR, 0x00cf_9300_0000_ffffL);
        cpu.gdtBase = GDT;
        cpu.gdtLimit = 0xff;
        int bytes = long64 ? 16 : 8;
        for (int vector = 0; vector < VECTORS; vector++) {
            memory.putLong(IDT + (long) bytes * vector, 0x8e00_0000_0000L | SELECTOR << 16 | HANDLERS + vector);
        }
        cpu.idtBase = IDT;
        cpu.idtLimit = bytes * VECTORS - 1;
    }

    /** Runs code. @return the vector of the exception it ended with; -1 if none */
    public int run(String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (int i = 0; i < code.length; i++) {
            memory.putByte(CODE + i, code[i]);
        }
        cpu.rip = CODE;
        while (cpu.rip >= CODE && cpu.rip < CODE + code.length && !cpu.shutdown) {
            interpreter.step(cpu);
        }
        boolean faulted = cpu.rip >= HANDLERS && cpu.rip < HANDLERS + VECTORS;
        cpu.r[Cpu.RSP] = STACK;
        return faulted ? (int) cpu.rip - HANDLERS : -1;
    }

    public void xmm(int register, long low, long high) {
        cpu.xmm[2 * register] = low;
        cpu.xmm[2 * register + 1] = high;
    }

    @Override
    public void close() { memory.close(); }

    /** Nothing is around the processor. */
    private static final class NoMachine implements Hooks {
        @Override
        public int portIn(int port, int bytes) { return -1; }

        @Override
        public void portOut(int port, int bytes, int value) {}

        @Override
        public boolean portOpen(int port, int bytes) { return false; }

        @Override
        public long memoryIn(long physical, int bytes) { return -1; }

        @Override
        public void memoryOut(long physical, int bytes, long value) {}

        @Override
        public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) {}

        @Override
        public long readMsr(Cpu cpu, int index) { return 0; }

        @Override
        public void writeMsr(Cpu cpu, int index, long value) {}

        @Override
        public long timeStamp() { return 0; }

        @Override
        public void timeStampChanged(Cpu cpu) {}

        @Override
        public long random() { return 0; }

        @Override
        public int taskPriority(Cpu cpu) { return 0; }

        @Override
        public void taskPriority(Cpu cpu, int priority) {}

        @Override
        public boolean hasInterrupt(Cpu cpu) { return false; }

        @Override
        public int acknowledge(Cpu cpu) { return -1; }

        @Override
        public boolean hypercall(Cpu cpu) { return false; }
    }
}
