package dev.sojourn.interfaces.vmi;

import dev.sojourn.cpu.ControlRegisters;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.FarControl;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Segmentation;
import dev.sojourn.cpu.Vector;
import dev.sojourn.isa.Instruction;

/**
 * The registers a processor is to start with, as a kernel hands them over.
 *
 * <pre>
 * 00  cr0, cr2, cr3, cr4, efer (8 bytes)
 * 18  eip, eflags, eax, ebx, ecx, edx, esp, ebp, esi, edi
 * 40  u16 cs, ss, ds, es, fs, gs, ldtr
 * 4e  u16 limit and u32 base of the GDT; u32 base and u16 limit of the IDT; 2 bytes of padding
 * </pre>
 *
 * @param words the block, 23 words of 4 bytes
 */
record ApState(int[] words) {
    static final int WORDS = 23;

    private static final int CR0 = 0;
    private static final int CR2 = 1;
    private static final int CR3 = 2;
    private static final int CR4 = 3;
    private static final int EFER = 4;
    private static final int EIP = 6;
    private static final int EFLAGS = 7;
    private static final int EAX = 8;
    private static final int EBX = 9;
    private static final int ECX = 10;
    private static final int EDX = 11;
    private static final int ESP = 12;
    private static final int EBP = 13;
    private static final int ESI = 14;
    private static final int EDI = 15;
    private static final int SELECTORS = 16;
    private static final int GDT_BASE = 20;
    private static final int IDT_BASE = 21;
    private static final int IDT_LIMIT = 22;
    private static final long LOW = 0xffff_ffffL;
    /** Flags that a kernel may start with: all but virtual-8086 mode and nesting. */
    private static final int FLAGS = 0x3f7fd7 & ~(Cpu.VM | Cpu.NT);

    ApState {
        if (words.length != WORDS) {
            throw new IllegalArgumentException(words.length + " words");
        }
    }

    /** Copies it out of the guest. @throws GuestFault #PF */
    static ApState at(Cpu cpu, long linear) {
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = cpu.mmu.load32(linear + 4L * i & LOW);
        }
        return new ApState(words);
    }

    private int selector(int index) { return words[SELECTORS + index / 2] >>> 16 * (index & 1) & 0xffff; }

    /** Puts a processor that was reset into this state. @return false, and a reset processor, if it cannot be in it */
    boolean load(Cpu cpu) {
        try {
            control(cpu);
            segments(cpu);
        } catch (GuestFault _) {
            cpu.reset();
            return false;
        }
        int[] general = {EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI};
        for (int i = 0; i < general.length; i++) {
            cpu.r[i] = words[general[i]] & LOW;
        }
        cpu.eflags(words[EFLAGS] & FLAGS | 2);
        cpu.modeChanged();
        return true;
    }

    private void control(Cpu cpu) {
        require(cpu, words[EFER + 1] == 0 && (words[EFER] & ~(Cpu.EFER_SCE | Cpu.EFER_NXE)) == 0 && (words[CR0] & Cpu.CR0_PE) != 0);
        ControlRegisters.efer(cpu, words[EFER] & LOW);
        ControlRegisters.cr4(cpu, words[CR4] & LOW);
        ControlRegisters.cr3(cpu, words[CR3] & LOW);
        ControlRegisters.cr0(cpu, words[CR0] & LOW);
        cpu.cr2 = words[CR2] & LOW;
    }

    private void segments(Cpu cpu) {
        cpu.gdtLimit = words[SELECTORS + 3] >>> 16;
        cpu.gdtBase = words[GDT_BASE] & LOW;
        cpu.idtBase = words[IDT_BASE] & LOW;
        cpu.idtLimit = words[IDT_LIMIT] & 0xffff;
        FarControl.jump(cpu, selector(0) & ~3, words[EIP] & LOW);
        Segmentation.load(cpu, Instruction.SS, selector(1) & ~3);
        Segmentation.load(cpu, Instruction.DS, selector(2));
        Segmentation.load(cpu, Instruction.ES, selector(3));
        Segmentation.load(cpu, Instruction.FS, selector(4));
        Segmentation.load(cpu, Instruction.GS, selector(5));
        Segmentation.loadLocalTable(cpu, selector(6));
    }

    private static void require(Cpu cpu, boolean holds) {
        if (!holds) {
            throw cpu.fault(Vector.GP, 0);
        }
    }
}
