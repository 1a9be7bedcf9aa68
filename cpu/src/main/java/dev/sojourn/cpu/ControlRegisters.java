package dev.sojourn.cpu;

import dev.sojourn.isa.Instruction;

/** Loads of control registers and EFER, with what they entail (SDM volume 3, 2.5 and 9.8.5). */
public final class ControlRegisters {
    /** Those of every type of processor. */
    private static final long CR4_KNOWN = Cpu.CR4_TSD | Cpu.CR4_DE | Cpu.CR4_PSE | Cpu.CR4_PAE
            | Cpu.CR4_PGE | Cpu.CR4_PCE | Cpu.CR4_OSFXSR | Cpu.CR4_OSXMMEXCPT | Cpu.CR4_OSXSAVE
            | Cpu.CR4_SMEP;
    private static final long CR4_PAGING = Cpu.CR4_PSE | Cpu.CR4_PAE | Cpu.CR4_PGE | Cpu.CR4_SMEP;
    private static final long CR0_LOADS_POINTERS = Cpu.CR0_PG | Cpu.CR0_CD | Cpu.CR0_NW;
    private static final long CR0_KNOWN = Cpu.CR0_PE | Cpu.CR0_MP | Cpu.CR0_EM | Cpu.CR0_TS | Cpu.CR0_ET | Cpu.CR0_NE
            | Cpu.CR0_WP | Cpu.CR0_AM | Cpu.CR0_NW | Cpu.CR0_CD | Cpu.CR0_PG;

    private ControlRegisters() {}

    /** @throws GuestFault #UD for a register that does not exist */
    public static long read(Cpu cpu, int number) {
        return switch (number) {
            case 0 -> cpu.cr0;
            case 2 -> cpu.cr2;
            case 3 -> cpu.cr3;
            case 4 -> cpu.cr4;
            case 8 -> cpu.hooks.taskPriority(cpu);
            default -> throw cpu.fault(Vector.UD, 0);
        };
    }

    /** @throws GuestFault #UD, #GP(0) */
    public static void write(Cpu cpu, int number, long value) {
        switch (number) {
            case 0 -> cr0(cpu, value);
            case 2 -> cpu.cr2 = value;
            case 3 -> cr3(cpu, value);
            case 4 -> cr4(cpu, value);
            case 8 -> priority(cpu, value);
            default -> throw cpu.fault(Vector.UD, 0);
        }
    }

    public static void cr0(Cpu cpu, long value) {
        boolean paging = (value & Cpu.CR0_PG) != 0;
        boolean wasPaging = (cpu.cr0 & Cpu.CR0_PG) != 0;
        require(cpu, value >>> 32 == 0 && (!paging || (value & Cpu.CR0_PE) != 0)
                && ((value & Cpu.CR0_NW) == 0 || (value & Cpu.CR0_CD) != 0));
        if (paging && !wasPaging && (cpu.efer & Cpu.EFER_LME) != 0) {
            require(cpu, (cpu.cr4 & Cpu.CR4_PAE) != 0 && !cpu.segments[Instruction.CS].isLong());
            cpu.efer |= Cpu.EFER_LMA;
        } else if (!paging && wasPaging && cpu.isLongMode()) {
            require(cpu, !cpu.is64Bit());
            cpu.efer &= ~Cpu.EFER_LMA;
        }
        long changed = cpu.cr0 ^ value;
        boolean loads = (changed & CR0_LOADS_POINTERS) != 0 && usesPointers(cpu, value, cpu.cr4);
        require(cpu, !loads || !cpu.mmu.badPointers(cpu.cr3));
        cpu.cr0 = value & CR0_KNOWN | Cpu.CR0_ET;
        if (loads) {
            cpu.mmu.loadPointers();
        }
        if ((changed & (Cpu.CR0_PG | Cpu.CR0_WP | Cpu.CR0_PE)) != 0) {
            cpu.mmu.flushAll();
        }
        cpu.modeChanged();
    }

    /** Whether PAE's four pointers count (SDM volume 3, 4.4.1). */
    private static boolean usesPointers(Cpu cpu, long cr0, long cr4) {
        return (cr0 & Cpu.CR0_PG) != 0 && (cr4 & Cpu.CR4_PAE) != 0 && !cpu.isLongMode();
    }

    public static void cr3(Cpu cpu, long value) {
        boolean loads = usesPointers(cpu, cpu.cr0, cpu.cr4);
        require(cpu, !cpu.isLongMode() || value >>> PageWalk.PHYSICAL_BITS == 0);
        require(cpu, !loads || !cpu.mmu.badPointers(value));
        cpu.cr3 = value;
        if (loads) {
            cpu.mmu.loadPointers();
        }
        cpu.mmu.flushLocal();
    }

    public static void cr4(Cpu cpu, long value) {
        require(cpu, (value & ~(CR4_KNOWN | cpu.type.cr4())) == 0 && !(cpu.isLongMode() && (value & Cpu.CR4_PAE) == 0));
        long changed = cpu.cr4 ^ value;
        boolean loads = (changed & CR4_PAGING) != 0 && usesPointers(cpu, cpu.cr0, value);
        require(cpu, !loads || !cpu.mmu.badPointers(cpu.cr3));
        cpu.cr4 = value;
        if (loads) {
            cpu.mmu.loadPointers();
        }
        if ((changed & CR4_PAGING) != 0) {
            cpu.mmu.flushAll();
        }
    }

    public static void efer(Cpu cpu, long value) {
        long known = Cpu.EFER_SCE | Cpu.EFER_LME | Cpu.EFER_LMA | Cpu.EFER_NXE;
        require(cpu, (value & ~known) == 0);
        boolean paging = (cpu.cr0 & Cpu.CR0_PG) != 0;
        require(cpu, !paging || ((cpu.efer ^ value) & Cpu.EFER_LME) == 0);
        long changed = cpu.efer ^ value;
        cpu.efer = value & ~Cpu.EFER_LMA | cpu.efer & Cpu.EFER_LMA;
        if ((changed & Cpu.EFER_NXE) != 0) {
            cpu.mmu.flushAll();
        }
    }

    /** LMSW: sets PE, MP, EM, TS, and cannot clear PE. */
    public static void machineStatus(Cpu cpu, int value) {
        cr0(cpu, cpu.cr0 & ~0xe | value & 0xf | cpu.cr0 & Cpu.CR0_PE);
    }

    private static void priority(Cpu cpu, long value) {
        require(cpu, value >>> 4 == 0);
        cpu.hooks.taskPriority(cpu, (int) value);
        cpu.attend();
    }

    private static void require(Cpu cpu, boolean holds) {
        if (!holds) {
            throw cpu.fault(Vector.GP, 0);
        }
    }
}
