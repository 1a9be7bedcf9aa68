package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Mmu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.memory.Raw;

/**
 * Blocks that run as one piece of compiled code, entered at the first of them.
 *
 * <p>A subclass is generated. Its code does what the interpreter would: at each way out the registers, flags, instruction
 * pointer and counters are as the interpreter leaves them, faults included.
 */
public abstract class CompiledRegion {
    private final RegionPlan plan;
    private final Warmth warmth = new Warmth();
    private boolean dead;
    private long epoch = Block.NOT_VERIFIED;

    protected CompiledRegion(RegionPlan plan) { this.plan = plan; }

    /**
     * Runs from the first instruction until the budget is used up, control leaves, or something wants attention.
     *
     * @throws dev.sojourn.cpu.GuestFault with the instruction pointer at the instruction
     */
    public abstract void run(Cpu cpu);

    /** Runs one instruction that has no code of its own; the registers are in the processor. */
    protected final void step(Cpu cpu, int index) { plan.steps[index].run(cpu); }

    /** As {@link #step}, of an instruction that may ask how many were executed before it. */
    protected final void countedStep(Cpu cpu, int index, long budget) {
        cpu.ahead = (int) (cpu.entryBudget - budget) - plan.left[index] - 1;
        plan.steps[index].run(cpu);
        cpu.ahead = Interpreter.COUNTED_INSIDE;
    }

    /** A fault at an instruction, which counts as executed; those of its block behind it do not. */
    protected final void faulted(Cpu cpu, int index, long budget) {
        leave(cpu, plan.addresses[index], budget + plan.left[index]);
    }

    /** Whether something happened in an instruction that the interpreter must see to. */
    protected static boolean wantsAttention(Cpu cpu) { return cpu.stepLimit == 0 || cpu.budget == 0; }

    /** The check of a near branch in 64-bit mode. @throws GuestFault #GP(0) */
    protected static void requireCanonical(Cpu cpu, long target) {
        if (target << 16 >> 16 != target) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** @throws GuestFault #DE if a quotient does not fit */
    protected static void requireQuotient(Cpu cpu, boolean fits) {
        if (!fits) {
            throw cpu.fault(Vector.DE, 0);
        }
    }

    /** @throws GuestFault #GP(0) unless an operand of 16 bytes is aligned */
    protected static void requireAligned(Cpu cpu, long linear) {
        if ((linear & 15) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** Makes SSE exceptions known. @throws GuestFault #XM, #UD */
    protected static void settle(Cpu cpu) { MediaUnit.settle(cpu); }

    /** Stores 16 bytes, all or none. @return whether the region must be left, as a store of {@link dev.sojourn.cpu.Mmu} tells */
    protected static boolean store16(Cpu cpu, long[] tlb, long linear, long low, long high) {
        long host = Mmu.hostOf16ForStore(tlb, linear);
        if (host != 0) {
            Raw.putLong(host, low);
            Raw.putLong(host + 8, high);
            return false;
        }
        cpu.mmu.probeStore(linear, 16);
        cpu.mmu.storeHalf(linear, low);
        cpu.mmu.storeHalf(cpu.wrap(linear + 8), high);
        return cpu.stepLimit == 0;
    }

    /** Leaves at an instruction of a block before the block's end. */
    protected final void leaveWithin(Cpu cpu, int index, long budget) {
        leave(cpu, plan.addresses[index], budget + plan.left[index] + 1);
    }

    /** Leaves for an address. */
    protected final void leave(Cpu cpu, long rip, long budget) {
        cpu.rip = rip;
        cpu.executed += cpu.entryBudget - budget;
        // Whoever wants attention has set the budget to zero meanwhile.
        cpu.budget = cpu.budget == cpu.entryBudget ? budget : 0;
    }

    /** Whether all its code still lies where it lay, and may run. */
    final boolean verify(Cpu cpu) {
        if (dead || plan.usesSse && !cpu.allowsSse() || plan.isFlat32 && !cpu.isFlat32()) {
            return false;
        }
        if (epoch != cpu.mmu.epoch && !verifyPages(cpu)) {
            return false;
        }
        epoch = cpu.mmu.epoch;
        return true;
    }

    /** Control has not come to all these pages: nothing may tell that they were looked for. */
    private boolean verifyPages(Cpu cpu) {
        for (int i = 0; i < plan.linearPages.length; i++) {
            if (cpu.mmu.fetchAddressUnseen(plan.linearPages[i]) != plan.physicalPages[i]) {
                return false;
            }
        }
        return true;
    }

    final void kill() { dead = true; }

    /** The most instructions that run between two looks at the budget: each at most once. */
    final int reserve() { return plan.steps.length; }

    public final RegionPlan plan() { return plan; }

    final Warmth warmth() { return warmth; }
}
