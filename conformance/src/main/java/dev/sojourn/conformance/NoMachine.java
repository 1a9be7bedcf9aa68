package dev.sojourn.conformance;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.CpuModel;
import dev.sojourn.cpu.Hooks;
import dev.sojourn.cpu.ProcessorType;
import dev.sojourn.cpu.Vector;

/** A processor with nothing around it: ports and windows float, there are no interrupts, and time stands still. */
public class NoMachine implements Hooks {
    private final CpuModel model = new CpuModel(ProcessorType.SOJOURN_1, 1);

    /** Nothing to set up. */
    public NoMachine() {}

    @Override public int portIn(int port, int bytes) { return -1; }

    @Override public void portOut(int port, int bytes, int value) {}

    @Override public boolean portOpen(int port, int bytes) { return false; }

    @Override public long memoryIn(long physical, int bytes) { return -1; }

    @Override public void memoryOut(long physical, int bytes, long value) {}

    @Override public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) { model.cpuid(leaf, subleaf, 0, registers); }

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
