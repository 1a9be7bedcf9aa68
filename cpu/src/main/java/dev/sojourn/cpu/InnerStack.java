package dev.sojourn.cpu;

import dev.sojourn.isa.Instruction;

/** The switch to the stack of an inner level, outside long mode (SDM volume 3, 6.12.1). */
final class InnerStack {
    /** What to put back if the new stack cannot be used. */
    record Switch(int selector, long base, long limit, int attributes, long sp, int level, int flags) {
        void undo(Cpu cpu) {
            cpu.segments[Instruction.SS].set(selector, base, limit, attributes);
            cpu.r[Cpu.RSP] = sp;
            cpu.system = flags;
            cpu.cpl = level;
            cpu.modeChanged();
        }
    }

    private InnerStack() {}

    /** Loads SS and ESP for a level from the task state; the level counts from here on. */
    static Switch enter(Cpu cpu, int level) {
        boolean wide = (cpu.tr.attributes & 8) != 0;
        int offset = wide ? 4 + 8 * level : 2 + 4 * level;
        if (offset + (wide ? 5 : 3) > cpu.tr.limit) {
            throw cpu.fault(Vector.TS, cpu.tr.selector & ~3);
        }
        long sp = cpu.mmu.loadSystem(cpu.tr.base + offset, wide ? 4 : 2);
        int selector = (int) cpu.mmu.loadSystem(cpu.tr.base + offset + (wide ? 4 : 2), 2);
        if ((selector & ~3) == 0) {
            throw cpu.fault(Vector.TS, 0);
        }
        long descriptor = Segmentation.descriptor(cpu, selector, Vector.TS);
        if ((selector & 3) != level || Descriptor.dpl(descriptor) != level || !Descriptor.isWritableData(descriptor)) {
            throw cpu.fault(Vector.TS, selector & ~3);
        }
        if (!Descriptor.isPresent(descriptor)) {
            throw cpu.fault(Vector.SS, selector & ~3);
        }
        SegmentRegister ss = cpu.segments[Instruction.SS];
        Switch before = new Switch(ss.selector, ss.base, ss.limit, ss.attributes, cpu.r[Cpu.RSP], cpu.cpl, cpu.system);
        Segmentation.markAccessed(cpu, selector, descriptor);
        ss.load(selector, descriptor | 1L << 40);
        // The saved flags hold VM; with the new stack the processor is in protected mode proper.
        cpu.system &= ~Cpu.VM;
        cpu.cpl = level;
        cpu.modeChanged();
        cpu.r[Cpu.RSP] = sp;
        return before;
    }
}
