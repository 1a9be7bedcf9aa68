package dev.sojourn.bench;

import dev.sojourn.boot.BootPlan;
import dev.sojourn.boot.Entry;
import dev.sojourn.boot.Loader;
import dev.sojourn.boot.ProcessorEntry;
import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.KernelImage;
import dev.sojourn.conformance.NoMachine;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.memory.GuestMemory;

/** A processor and memory with nothing around them, running one image on the interpreter. */
final class BareProcessor implements AutoCloseable {
    private static final long MEMORY_BYTES = 64 << 20;
    private static final int QUANTUM = 10_000;

    private final GuestMemory memory = new GuestMemory(MEMORY_BYTES);
    private final Cpu cpu = new Cpu(0, new NoMachine(), memory);
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
}
