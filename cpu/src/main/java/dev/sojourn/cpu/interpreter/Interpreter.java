package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.DebugRegisters;
import dev.sojourn.cpu.Engine;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Interrupts;
import dev.sojourn.cpu.Vector;
import dev.sojourn.memory.GuestMemory;

/**
 * Runs processors instruction by instruction: the engine all others are held against.
 *
 * <p>With a compiler it hands over blocks that prove hot, and runs the compiled code in their stead.
 */
public final class Interpreter implements Engine {
    /** For {@link Cpu#ahead}, in compiled code. */
    static final int COUNTED_INSIDE = -1;
    /** An instruction that compiled code could not run runs alone. */
    static final int RETRY_BUDGET = 1;

    private final GuestMemory memory;
    private final BlockCache blocks;
    private final RegionCompiler compiler;
    private final int hotRuns;
    private RegionVerifier verifier;
    private boolean withoutRegions;

    /** @param cpus the processors that share {@code memory} */
    public Interpreter(GuestMemory memory, Cpu... cpus) { this(memory, null, 0, cpus); }

    /** @param hotRuns after so many runs a block is handed to the compiler */
    public Interpreter(GuestMemory memory, RegionCompiler compiler, int hotRuns, Cpu... cpus) {
        this.memory = memory;
        this.compiler = compiler;
        this.hotRuns = hotRuns;
        blocks = new BlockCache(memory, compiler, cpus.clone());
    }

    @Override
    public void run(Cpu cpu, long instructions) {
        long stop = cpu.executed + instructions;
        if (compiler != null) {
            for (CompiledRegion region = compiler.poll(); region != null; region = compiler.poll()) {
                blocks.install(region);
            }
        }
        cpu.yielded = false;
        while (cpu.executed < stop && !cpu.shutdown && !cpu.yielded) {
            boolean alone = boundary(cpu);
            if (cpu.halted) {
                return;
            }
            if (alone || (cpu.system & Cpu.TF) != 0 || cpu.debug.stopsAtCode()) {
                single(cpu);
            } else {
                cpu.budget = stop - cpu.executed;
                runBlocks(cpu);
            }
        }
        if (cpu.enabledAt == cpu.executed - 1) {
            cpu.interruptShadow = true;
        }
    }

    /** From now on, has all compiled code checked against the interpreter. Before the first run. */
    public void verifyRegions() { verifier = new RegionVerifier(this, memory); }

    /** Runs of compiled code that were checked so far; each was right. */
    public long verifiedRuns() { return verifier == null ? 0 : verifier.runs(); }

    /** Instructions in them. */
    public long verifiedInstructions() { return verifier == null ? 0 : verifier.instructions(); }

    /** Runs so many instructions without compiled code, or up to where something wants attention or faults. */
    void interpret(Cpu cpu, long instructions) {
        if (instructions > 0) {
            withoutRegions = true;
            cpu.budget = instructions;
            runBlocks(cpu);
            withoutRegions = false;
        }
    }

    /** Runs exactly one instruction, or delivers the exception it raises. */
    public void step(Cpu cpu) { single(cpu); }

    /**
     * What happens between instructions, by priority (SDM volume 3, table 6-2).
     *
     * @return whether the next instruction must run alone
     */
    private boolean boundary(Cpu cpu) {
        if (cpu.stackShadow) {
            cpu.stackShadow = false;
            cpu.debug.triggered &= ~DebugRegisters.SINGLE_STEP;
        } else if (cpu.debug.triggered != 0) {
            cpu.debug.dr6 |= cpu.debug.triggered;
            cpu.debug.triggered = 0;
            Interrupts.raise(cpu, Vector.DB, 0);
        }
        if (cpu.interruptShadow) {
            cpu.interruptShadow = false;
            return true;
        }
        if (cpu.nmiPending && !cpu.nmiBlocked) {
            cpu.nmiPending = false;
            cpu.nmiBlocked = true;
            Interrupts.deliver(cpu, Vector.NMI, 0, Interrupts.Source.EXTERNAL);
        } else if ((cpu.system & Cpu.IF) != 0 && cpu.hooks.hasInterrupt(cpu)) {
            int vector = cpu.hooks.acknowledge(cpu);
            if (vector >= 0) {
                Interrupts.deliver(cpu, vector, 0, Interrupts.Source.EXTERNAL);
            }
        }
        return false;
    }

    private void runBlocks(Cpu cpu) {
        Block block = null;
        int i = 0;
        try {
            block = blocks.find(cpu);
            while (true) {
                Block before = block;
                if (before.region != null && !withoutRegions && cpu.budget > before.region.reserve() && !cpu.debug.watchesData()
                        && isDue(before.region) && before.region.verify(cpu)) {
                    block = null;
                    if (!enter(cpu, before.region) || cpu.budget <= 0) {
                        return;
                    }
                    block = blocks.find(cpu);
                    continue;
                }
                if (compiler != null && ++before.runs == hotRuns) {
                    plan(cpu, before);
                }
                Step[] steps = block.steps;
                cpu.rip = block.end;
                cpu.stepLimit = (int) Math.min(steps.length, cpu.budget);
                for (i = 0; i < cpu.stepLimit; i++) {
                    cpu.ahead = i;
                    steps[i].run(cpu);
                }
                if (i < steps.length) {
                    cpu.rip = block.start + steps[i].offset;
                }
                cpu.executed += i;
                cpu.ahead = 0;
                cpu.budget -= i;
                if (cpu.budget <= 0) {
                    return;
                }
                block = null;
                block = follow(cpu, before);
            }
        } catch (GuestFault fault) {
            faulted(cpu, block, i, fault);
        }
    }

    private boolean isDue(CompiledRegion region) { return !compiler.warmsUp() || region.warmth().isDue(); }

    /** @return false if it ended in a fault, which is delivered */
    private boolean enter(Cpu cpu, CompiledRegion region) {
        if (verifier != null) {
            return verifier.run(cpu, region);
        }
        Warmth warmth = region.warmth();
        return compiler.warmsUp() && warmth.isTimed() ? runTimed(cpu, region, warmth) : runRegion(cpu, region);
    }

    private static boolean runTimed(Cpu cpu, CompiledRegion region, Warmth warmth) {
        long executed = cpu.executed;
        long turn = executed + cpu.budget;
        if (!warmth.isWarm()) {
            cpu.budget = region.reserve() + 1;
        }
        long start = System.nanoTime();
        boolean goesOn = runRegion(cpu, region);
        warmth.timed(System.nanoTime() - start, cpu.executed - executed);
        if (cpu.budget > 1) {
            cpu.budget = turn - cpu.executed;
        }
        return goesOn;
    }

    private void plan(Cpu cpu, Block hot) {
        RegionPlan plan = (cpu.is64Bit() || cpu.isFlat32()) && hot.region == null ? RegionPlan.around(hot, memory, cpu.mode) : null;
        if (plan != null) {
            compiler.compile(plan);
        }
    }

    private Block follow(Cpu cpu, Block before) {
        Block next = before.next;
        long rip = cpu.rip;
        if (next != null && next.start == rip && next.epoch == cpu.mmu.epoch && next.key == cpu.codeKey) {
            return next;
        }
        next = before.otherNext;
        if (next != null && next.start == rip && next.epoch == cpu.mmu.epoch && next.key == cpu.codeKey) {
            return next;
        }
        next = blocks.find(cpu);
        if (!before.dead) {
            before.otherNext = before.next;
            before.next = next;
        }
        return next;
    }

    /** @param block where it happened; null for a fault of fetching, when the instruction pointer is right already */
    private static void faulted(Cpu cpu, Block block, int step, GuestFault fault) {
        // It runs again and hits its data breakpoints then.
        cpu.debug.triggered = 0;
        cpu.ahead = 0;
        if (block != null) {
            cpu.executed += step + 1;
            cpu.rip = block.start + block.steps[step].offset;
        } else {
            cpu.executed++;
        }
        boolean stack = block != null && fault.isNotCanonical() && StackReference.caused(cpu, fault.linear());
        Interrupts.raise(cpu, stack ? Vector.SS : fault.vector(), fault.errorCode());
    }

    /**
     * Runs compiled code, which may pass its budget by as much as is held back here: a turn ends at its last instruction.
     * What cannot run there is left to a block of a single instruction.
     *
     * @return false if it ended in a fault, which is delivered
     */
    static boolean runRegion(Cpu cpu, CompiledRegion region) {
        long turn = cpu.executed + cpu.budget;
        cpu.budget -= region.reserve();
        cpu.entryBudget = cpu.budget;
        cpu.stepLimit = 1;
        cpu.ahead = COUNTED_INSIDE;
        try {
            region.run(cpu);
            cpu.ahead = 0;
            if (cpu.budget != 0) {
                cpu.budget = turn - cpu.executed;
            }
            return true;
        } catch (GuestFault fault) {
            cpu.ahead = 0;
            if (fault.isRetry()) {
                cpu.executed--;
                cpu.budget = RETRY_BUDGET;
                return true;
            }
            boolean stack = fault.isNotCanonical() && StackReference.caused(cpu, fault.linear());
            Interrupts.raise(cpu, stack ? Vector.SS : fault.vector(), fault.errorCode());
            return false;
        }
    }

    /** One instruction, with single-step and breakpoint traps (SDM volume 3, 17.3.1). */
    private void single(Cpu cpu) {
        long hits = (cpu.system & Cpu.RF) == 0 ? cpu.debug.codeHits(cpu.codeLinear(cpu.rip)) : 0;
        if (hits != 0) {
            cpu.debug.dr6 |= hits;
            cpu.system |= Cpu.RF;
            Interrupts.raise(cpu, Vector.DB, 0);
            return;
        }
        boolean trap = (cpu.system & Cpu.TF) != 0;
        cpu.system &= ~Cpu.RF;
        cpu.interruptedBySoftware = false;
        Block block = null;
        cpu.budget = 1;
        try {
            block = blocks.find(cpu);
            Step step = block.steps[0];
            cpu.rip = block.steps.length > 1 ? block.start + block.steps[1].offset : block.end;
            cpu.stepLimit = 1;
            step.run(cpu);
            cpu.executed++;
        } catch (GuestFault fault) {
            faulted(cpu, block, 0, fault);
            return;
        }
        if (trap && !cpu.interruptedBySoftware) {
            cpu.debug.triggered |= DebugRegisters.SINGLE_STEP;
        }
    }
}
