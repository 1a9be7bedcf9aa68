package dev.sojourn.cpu;

import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;

/** SYSCALL, SYSRET, SYSENTER and SYSEXIT (SDM volume 2; volume 3, 5.8.7 and 5.8.8). */
public final class FastCalls {
    private static final int CODE_64 = 0xa09b;
    private static final int CODE_32 = 0xc09b;
    private static final int DATA = 0xc093;
    private static final int LEVEL_3 = 0x60;
    private static final long LIMIT = 0xffff_ffffL;

    private FastCalls() {}

    /** {@code rip} is already at the next instruction. */
    public static void syscall(Cpu cpu) {
        if ((cpu.efer & Cpu.EFER_SCE) == 0 || !cpu.is64Bit()) {
            throw cpu.fault(Vector.UD, 0);
        }
        if (cpu.traps != null) {
            cpu.traps.systemCall(cpu);
            return;
        }
        cpu.r[Cpu.RCX] = cpu.rip;
        cpu.r[Cpu.R11] = cpu.eflags() & ~Cpu.RF & 0xffff_ffffL;
        int mask = (int) cpu.msrs.sfmask;
        cpu.flags.set(cpu.flags.get() & ~mask);
        cpu.system = cpu.system & ~(mask & ~Flags.ARITHMETIC) & ~Cpu.RF | 2;
        cpu.rip = cpu.msrs.lstar;
        int selector = (int) (cpu.msrs.star >>> 32) & 0xfffc;
        flat(cpu, selector, selector + 8, CODE_64, DATA, 0);
    }

    public static void sysret(Cpu cpu, boolean to64) {
        if ((cpu.efer & Cpu.EFER_SCE) == 0 || !cpu.is64Bit()) {
            throw cpu.fault(Vector.UD, 0);
        }
        cpu.requireLevel0();
        long target = cpu.r[Cpu.RCX];
        if (to64 && target << 16 >> 16 != target) {
            throw cpu.fault(Vector.GP, 0);
        }
        int base = (int) (cpu.msrs.star >>> 48) & 0xffff;
        cpu.rip = to64 ? target : target & 0xffff_ffffL;
        cpu.eflags((int) cpu.r[Cpu.R11] & 0x3c_7fd7);
        flat(cpu, (to64 ? base + 16 : base) | 3, base + 8 | 3, (to64 ? CODE_64 : CODE_32) | LEVEL_3, DATA | LEVEL_3, 3);
    }

    public static void sysenter(Cpu cpu) {
        if (cpu.traps != null) {
            cpu.traps.systemEnter(cpu);
            return;
        }
        int selector = (int) cpu.msrs.sysenterCs & 0xfffc;
        if (!cpu.isProtected() || selector == 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        cpu.system &= ~(Cpu.VM | Cpu.IF | Cpu.RF);
        boolean long64 = cpu.isLongMode();
        cpu.r[Cpu.RSP] = long64 ? cpu.msrs.sysenterEsp : cpu.msrs.sysenterEsp & 0xffff_ffffL;
        cpu.rip = long64 ? cpu.msrs.sysenterEip : cpu.msrs.sysenterEip & 0xffff_ffffL;
        flat(cpu, selector, selector + 8, long64 ? CODE_64 : CODE_32, DATA, 0);
    }

    public static void sysexit(Cpu cpu, boolean to64) {
        int selector = (int) cpu.msrs.sysenterCs & 0xfffc;
        if (!cpu.isProtected() || selector == 0 || cpu.cpl != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        long target = cpu.r[Cpu.RDX];
        long sp = cpu.r[Cpu.RCX];
        if (to64 && (target << 16 >> 16 != target || sp << 16 >> 16 != sp)) {
            throw cpu.fault(Vector.GP, 0);
        }
        cpu.rip = to64 ? target : target & 0xffff_ffffL;
        cpu.r[Cpu.RSP] = to64 ? sp : sp & 0xffff_ffffL;
        int code = selector + (to64 ? 32 : 16);
        flat(cpu, code | 3, code + 8 | 3, (to64 ? CODE_64 : CODE_32) | LEVEL_3, DATA | LEVEL_3, 3);
    }

    private static void flat(Cpu cpu, int code, int stack, int codeAttributes, int stackAttributes, int level) {
        cpu.segments[Instruction.CS].set(code & ~3 | level, 0, LIMIT, codeAttributes);
        cpu.segments[Instruction.SS].set(stack & ~3 | level, 0, LIMIT, stackAttributes);
        cpu.cpl = level;
        cpu.modeChanged();
    }
}
