package dev.sojourn.cpu;

/**
 * What a processor's machine answers, asked only when the instructions executed so far can be told: time follows from them, and
 * what leaves the processor cannot be taken back.
 */
final class CountedHooks implements Hooks {
    private final Cpu cpu;
    private final Hooks hooks;

    CountedHooks(Cpu cpu, Hooks hooks) {
        this.cpu = cpu;
        this.hooks = hooks;
    }

    @Override
    public int portIn(int port, int bytes) {
        cpu.requireCount();
        return hooks.portIn(port, bytes);
    }

    @Override
    public void portOut(int port, int bytes, int value) {
        cpu.requireCount();
        hooks.portOut(port, bytes, value);
    }

    @Override
    public boolean portOpen(int port, int bytes) { return hooks.portOpen(port, bytes); }

    @Override
    public long memoryIn(long physical, int bytes) {
        cpu.requireCount();
        return hooks.memoryIn(physical, bytes);
    }

    @Override
    public void memoryOut(long physical, int bytes, long value) {
        cpu.requireCount();
        hooks.memoryOut(physical, bytes, value);
    }

    @Override
    public void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers) { hooks.cpuid(cpu, leaf, subleaf, registers); }

    @Override
    public long readMsr(Cpu cpu, int index) {
        cpu.requireCount();
        return hooks.readMsr(cpu, index);
    }

    @Override
    public void writeMsr(Cpu cpu, int index, long value) {
        cpu.requireCount();
        hooks.writeMsr(cpu, index, value);
    }

    @Override
    public long timeStamp() {
        cpu.requireCount();
        return hooks.timeStamp();
    }

    @Override
    public void timeStampChanged(Cpu cpu) { hooks.timeStampChanged(cpu); }

    @Override
    public long random() {
        cpu.requireCount();
        return hooks.random();
    }

    @Override
    public int taskPriority(Cpu cpu) { return hooks.taskPriority(cpu); }

    @Override
    public void taskPriority(Cpu cpu, int priority) {
        cpu.requireCount();
        hooks.taskPriority(cpu, priority);
    }

    @Override
    public boolean hasInterrupt(Cpu cpu) { return hooks.hasInterrupt(cpu); }

    @Override
    public int acknowledge(Cpu cpu) { return hooks.acknowledge(cpu); }

    @Override
    public boolean hypercall(Cpu cpu) {
        cpu.requireCount();
        return hooks.hypercall(cpu);
    }

    @Override
    public void faults(Cpu cpu) { hooks.faults(cpu); }
}
