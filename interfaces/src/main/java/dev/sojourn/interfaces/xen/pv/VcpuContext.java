package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Segmentation;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.isa.Instruction;

/** The state in which a vCPU begins, as the guest wrote it (public/arch-x86/xen.h, {@code struct vcpu_guest_context}). */
final class VcpuContext {
    private static final int FLAGS = 0x200;
    private static final int FAILSAFE_MASKS = 1 << 3;
    private static final int SYSCALL_MASKS = 1 << 4;
    private static final int IN_KERNEL = 1 << 2;
    private static final int REGISTERS = 0x208;
    private static final int TRAPS = 0x2d0;
    private static final int TRAP_COUNT = 256;
    private static final int LDT_BASE = 0x12d0;
    private static final int LDT_ENTRIES = 0x12d8;
    private static final int GDT_FRAMES = 0x12e0;
    private static final int GDT_ENTRIES = 0x1360;
    private static final int KERNEL_SP = 0x1370;
    private static final int CONTROL = 0x1378;
    private static final int EVENT = 0x13f8;
    private static final int FAILSAFE = 0x1400;
    private static final int SYSCALL = 0x1408;
    private static final int FS_BASE = 0x1418;
    private static final int GS_BASE_KERNEL = 0x1420;
    private static final int GS_BASE_USER = 0x1428;

    /** Where each register lies, in the processor's order; that of RSP is among the rest. */
    private static final int[] PLACES = {0x50, 0x58, 0x60, 0x28, 0x98, 0x20, 0x68, 0x70, 0x48, 0x40, 0x38, 0x30, 0x18, 0x10,
        0x08, 0};
    private static final int RIP = 0x80;
    private static final int CS = 0x88;
    private static final int RFLAGS = 0x90;
    private static final int SS = 0xa0;
    private static final int[] DATA_SELECTORS = {0xa8, 0xb0, 0xb8, 0xc0};
    private static final int[] DATA_SEGMENTS = {Instruction.ES, Instruction.DS, Instruction.FS, Instruction.GS};
    private static final int USER_LEVEL = 3;

    private final PvGuest guest;
    private final GuestPointers memory;
    private final long at;

    VcpuContext(PvGuest guest, GuestPointers memory, long at) {
        this.guest = guest;
        this.memory = memory;
        this.at = at;
    }

    private long word(int offset) { return memory.u64(at + offset); }

    long load(PvProcessor processor) {
        Cpu cpu = processor.cpu;
        if ((word(FLAGS) & IN_KERNEL) == 0) {
            return Errno.EINVAL;
        }
        processor.initialise();
        long entries = word(GDT_ENTRIES);
        if (entries < 0 || entries > HypervisorHole.GDT_GUEST_ENTRIES) {
            return Errno.EINVAL;
        }
        long result = processor.tables().setGlobal(memory, at + GDT_FRAMES, entries);
        if (result != 0) {
            return result;
        }
        if (!processor.switchKernelTable(word(CONTROL + 3 * 8) >>> 12)) {
            processor.tables().setGlobal(new long[0]);
            return Errno.EINVAL;
        }
        long user = word(CONTROL + 8);
        if ((user & 1) != 0 && !processor.switchUserTable(user >>> 12)) {
            return Errno.EINVAL;
        }
        for (int i = 0; i < TRAP_COUNT; i++) {
            processor.traps.set(memory, at + TRAPS + i * TrapTable.ENTRY_BYTES, i);
        }
        int flags = (int) word(FLAGS);
        processor.event.set(word(EVENT), true);
        processor.failsafe.set(word(FAILSAFE), (flags & FAILSAFE_MASKS) != 0);
        processor.systemCall.set(word(SYSCALL), (flags & SYSCALL_MASKS) != 0);
        processor.kernelStack = word(KERNEL_SP);
        registers(cpu, processor);
        processor.tables().setLocal(word(LDT_BASE), word(LDT_ENTRIES));
        return 0;
    }

    private void registers(Cpu cpu, PvProcessor processor) {
        for (int i = 0; i < PLACES.length; i++) {
            cpu.r[i] = word(REGISTERS + PLACES[i]);
        }
        int flags = (int) word(REGISTERS + RFLAGS);
        cpu.flags.set(flags);
        cpu.system = flags & (Cpu.DF | Cpu.AC | Cpu.ID) | 2 | Cpu.IF;
        processor.portLevel = flags >> 12 & 3;
        cpu.rip = word(REGISTERS + RIP);
        for (int i = 0; i < DATA_SEGMENTS.length; i++) {
            select(cpu, DATA_SEGMENTS[i], memory.u16(at + REGISTERS + DATA_SELECTORS[i]));
        }
        select(cpu, Instruction.SS, memory.u16(at + REGISTERS + SS) | USER_LEVEL);
        int code = memory.u16(at + REGISTERS + CS) | USER_LEVEL;
        cpu.segments[Instruction.CS].selector = code;
        processor.base(Instruction.FS, word(FS_BASE));
        processor.gsBase(word(GS_BASE_KERNEL));
        processor.otherGsBase(word(GS_BASE_USER));
        cpu.modeChanged();
    }

    /** A selector that cannot be loaded is left out. */
    private void select(Cpu cpu, int segment, int selector) {
        long cr2 = cpu.cr2;
        try {
            Segmentation.load(cpu, segment, selector);
        } catch (GuestFault _) {
            cpu.cr2 = cr2;
        }
    }
}
