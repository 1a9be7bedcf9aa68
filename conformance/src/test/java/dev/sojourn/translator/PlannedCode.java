package dev.sojourn.translator;

import dev.sojourn.assembler.Assembler;
import dev.sojourn.conformance.NoMachine;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.Interpreter;
import dev.sojourn.cpu.interpreter.RegionCompiler;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;

/**
 * A piece of guest code that ran until the interpreter planned a region of it.
 *
 * <p>It runs at ring 0 with four megabytes mapped one to one. At the start RSI points at data, RDI and RBP further into them,
 * RCX is 3, R15 is 0 and 1 by turns, and FS begins in the data.
 */
final class PlannedCode implements RegionCompiler {
    static final long CODE = 0x10_0000;
    private static final int DATA = 0x20_0000;
    private static final int DATA_BYTES = 0x1000;
    private static final int STACK_END = 0x30_0000;
    private static final int HOT_RUNS = 8;
    private static final long INSTRUCTIONS_MAX = 1000;
    private static final long LIMIT = 0xffff_ffffL;

    private final GuestMemory memory = new GuestMemory(4 << 20);
    private final Cpu cpu = new Cpu(0, new NoMachine(), memory);
    private final Interpreter interpreter = new Interpreter(memory, this, HOT_RUNS, cpu);
    private final byte[] code;
    private RegionPlan plan;

    /** Code from the label "start" on; it leaves by the label "end". */
    PlannedCode(Shapes.Shape shape) {
        Assembler a = new Assembler(CODE);
        a.label("start");
        shape.guest().accept(a);
        a.jmp("end");
        a.label("end");
        long end = a.here();
        a.hlt();
        code = a.assemble();
        memory.write((int) CODE, code);
        flatLongMode();
        for (int run = 0; run < 2 * HOT_RUNS && plan == null; run++) {
            // Its length comes from running it alone, so that nothing is seen to follow it.
            enter(run);
            long length = length(shape.name(), end);
            enter(run);
            interpreter.run(cpu, length);
        }
    }

    private long length(String name, long end) {
        long before = cpu.executed;
        while (cpu.rip != end) {
            if (cpu.shutdown || cpu.executed >= before + INSTRUCTIONS_MAX) {
                throw new AssertionError("%s does not come to its end: RIP %x, CR2 %x".formatted(name, cpu.rip, cpu.cr2));
            }
            interpreter.step(cpu);
        }
        return cpu.executed - before;
    }

    RegionPlan plan() { return plan; }

    /** The bytes of an instruction. */
    byte[] bytes(long at, Instruction i) {
        byte[] bytes = new byte[i.length];
        System.arraycopy(code, (int) (at - CODE), bytes, 0, i.length);
        return bytes;
    }

    @Override public void compile(RegionPlan made) {
        if (plan == null && made.parts().getFirst().start() == CODE) {
            plan = made;
        }
    }

    @Override public CompiledRegion poll() { return null; }

    private void flatLongMode() {
        memory.putLong(0x1000, 0x2003);
        memory.putLong(0x2000, 0x3003);
        memory.putLong(0x3000, 0x83);
        memory.putLong(0x3008, DATA | 0x83);
        cpu.reset();
        cpu.cr0 = Cpu.CR0_PE | Cpu.CR0_PG | Cpu.CR0_ET | Cpu.CR0_NE | Cpu.CR0_WP | Cpu.CR0_MP;
        cpu.cr3 = 0x1000;
        cpu.cr4 = Cpu.CR4_PAE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT;
        cpu.efer = Cpu.EFER_LME | Cpu.EFER_LMA;
        for (int i = 0; i < 6; i++) {
            cpu.segments[i].set(0x18, 0, LIMIT, 0xc093);
        }
        cpu.segments[Instruction.CS].set(0x10, 0, LIMIT, 0xa09b);
        cpu.segments[Instruction.FS].base = DATA;
        cpu.cpl = 0;
        cpu.mxcsr.load(0x1f80);
        cpu.mmu.flushAll();
        cpu.modeChanged();
    }

    private void enter(int run) {
        memory.write(DATA, new byte[DATA_BYTES]);
        for (int i = 0; i < 16; i++) {
            cpu.r[i] = i;
        }
        cpu.r[Cpu.RAX] = 5;
        cpu.r[Cpu.RCX] = 3;
        cpu.r[Cpu.RDX] = 0;
        cpu.r[Cpu.RSP] = STACK_END;
        cpu.r[Cpu.RBP] = DATA + 0x400;
        cpu.r[Cpu.RSI] = DATA;
        cpu.r[Cpu.RDI] = DATA + 0x800;
        cpu.r[15] = run & 1;
        cpu.flags.set(0);
        cpu.rip = CODE;
    }
}
