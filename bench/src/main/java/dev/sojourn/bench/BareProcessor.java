package dev.sojourn.bench;

import dev.sojourn.boot.BootPlan;
import dev.sojourn.boot.Entry;
import dev.sojourn.boot.Loader;
import dev.sojourn.boot.ProcessorEntry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.CpuModel;
import dev.sojourn.cpu.Hooks;
import dev.sojourn.cpu.ProcessorType;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.memory.GuestMemory;

/** A processor and memory with nothing around them, running one image on the interpreter. */
final class BareProcessor implements AutoCloseable {
    private static final long MEMORY_BYTES = 64 << 20;
    private static final int QUANTUM = 10_000;

    private final GuestMemory memory = new GuestMemory(MEMORY_BYTES);
    private final Cpu cpu = new Cpu(0, new Nothing(), memory);
    private final Interpreter interpreter = new Interpreter(memory, cpu);

    BareProcessor(byte[] image) throws BadImage {
        BootPlan plan = new BootPlan(KernelImage.read(image), new byte[0], "", Entry.AUTO, 0);
        ProcessorEntry.enter(cpu, Loader.load(memory, plan));
    }

    /** Runs to the end. @return instructions executed */
    long runToEnd() {
        while (!cpu.halted && !cpu.shutdown) interpreter.run(cpu, QUANTUM);
        if (cpu.shutdown) throw new AssertionError("Shut down at 0x" + Long.toHexString(cpu.rip));
        return cpu.executed;
    }

    /** Runs about that many instructions. @return instructions a second */
    double rate(long instructions) {
        long before = cpu.executed;
        long start = System.nanoTime();
        while (cpu.executed - before < instructions && !cpu.halted && !cpu.shutdown) interpreter.run(cpu, QUANTUM);
        if (cpu.halted || cpu.shutdown) throw new AssertionError("Ended at 0x" + Long.toHexString(cpu.rip));
        return (cpu.executed - before) / ((System.nanoTime() - start) / 1e9);
    }

    @Override public void close() { memory.close(); }

    /** Nothing but the processor's own. */
    private static final class Nothing implements Hooks {
        private final CpuModel model = new CpuModel(ProcessorType.SOJOURN_1, 1);

        @Override public int portIn(int port, int bytes) { return -1; }

        @Override public void portOut(int port, int bytes, int value) {}

        @Override public long memoryIn(long physical, int bytes) { return -1; }

        @Override public void memoryOut(long physical, int bytes, long value) {}

        @Override public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) {
            model.cpuid(leaf, subleaf, 0, registers);
        }

        @Override public long readMsr(Cpu cpu, int index) { throw cpu.fault(Vector.GP, 0); }

        @Override public void writeMsr(Cpu cpu, int index, long value) { throw cpu.fault(Vector.GP, 0); }

        @Override public long timeStamp() { return 0; }

        @Override public void timeStampChanged(Cpu cpu) {}

        @Override public long random() { return 0; }

        @Override public int taskPriority(Cpu cpu) { return 0; }

        @Override public void taskPriority(Cpu cpu, int priority) {}

        @Override public boolean hasInterrupt(Cpu cpu) { return false; }

        @Override public int acknowledge(Cpu cpu) { return -1; }

        @Override public boolean hypercall(Cpu cpu) { return false; }
    }
}
