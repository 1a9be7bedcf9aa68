package dev.sojourn.boot;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.SegmentRegister;
import dev.sojourn.isa.Instruction;

/** Puts the boot processor into the state in which a kernel is entered. */
public final class ProcessorEntry {
    private static final long LIMIT = 0xffff_ffffL;
    private static final int CODE_32 = 0xc09b;
    private static final int CODE_64 = 0xa09b;
    private static final int DATA = 0xc093;

    private ProcessorEntry() {}

    /** @param cpu after a reset */
    public static void enter(Cpu cpu, EntryState state) {
        boolean longMode = state.entry() == Entry.LINUX_64;
        cpu.cr0 = Cpu.CR0_PE | Cpu.CR0_ET | (longMode ? Cpu.CR0_PG : 0);
        if (longMode) {
            cpu.cr3 = state.cr3();
            cpu.cr4 = Cpu.CR4_PAE;
            cpu.efer = Cpu.EFER_LME | Cpu.EFER_LMA;
        }
        cpu.gdtBase = state.gdtBase();
        cpu.gdtLimit = state.gdtLimit();
        for (SegmentRegister segment : cpu.segments) {
            segment.set(state.dataSelector(), 0, LIMIT, DATA);
        }
        cpu.segments[Instruction.CS].set(state.codeSelector(), 0, LIMIT, longMode ? CODE_64 : CODE_32);
        cpu.tr.set(0, 0, 0x67, 0x8b);
        cpu.r[Cpu.RDX] = 0;
        cpu.r[state.register() == EntryState.Register.EBX ? Cpu.RBX : Cpu.RSI] = state.structure();
        cpu.rip = state.instructionPointer();
        cpu.mmu.flushAll();
        cpu.modeChanged();
    }
}
