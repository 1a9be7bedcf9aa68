package dev.sojourn.cpu;

import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;

/**
 * Delivery of interrupts and exceptions (SDM volume 3, chapter 6).
 *
 * <p>A delivery that faults becomes a double fault where the manual says so; a fault while a double fault is delivered shuts
 * the processor down.
 */
public final class Interrupts {
    /** Where a delivery comes from. */
    public enum Source {
        /** An exception: the saved instruction pointer is the faulting instruction, or the next one for traps. */
        EXCEPTION,
        /** INT n, INT3, INTO: the gate's privilege counts. */
        SOFTWARE,
        /** INT1: as an exception, but like a trap. */
        TRAP,
        EXTERNAL
    }

    private static final int ERROR_EXTERNAL = 1;
    private static final int ERROR_IDT = 2;

    private Interrupts() {}

    /** Delivers an exception, with the double and triple faults that may come of it. */
    public static void raise(Cpu cpu, int vector, int errorCode) {
        if (vector >= Vector.TS && vector <= Vector.GP) {
            cpu.hooks.faults(cpu);
        }
        deliver(cpu, vector, errorCode, Source.EXCEPTION);
    }

    /** Delivers to a vector. */
    public static void deliver(Cpu cpu, int vector, int errorCode, Source source) {
        cpu.halted = false;
        if (cpu.traps != null) {
            receive(cpu, vector, errorCode, source);
            return;
        }
        int current = vector;
        int error = errorCode;
        Source from = source;
        while (true) {
            try {
                enter(cpu, current, error, from);
                if (current == Vector.DB) {
                    cpu.debug.allowAccess();
                }
                return;
            } catch (GuestFault second) {
                int next = second.vector();
                // An event that is no INT n is external to the program: EXT (SDM volume 3, 6.13).
                error = second.errorCode() | (next >= Vector.TS && next <= Vector.GP ? ERROR_EXTERNAL : 0);
                boolean exception = from == Source.EXCEPTION;
                if (exception && current == Vector.DF) {
                    cpu.shutdown = true;
                    cpu.attend();
                    return;
                }
                if (exception && (isContributory(current) && isContributory(next)
                        || current == Vector.PF && (isContributory(next) || next == Vector.PF))) {
                    next = Vector.DF;
                    error = 0;
                }
                current = next;
                from = Source.EXCEPTION;
            }
        }
    }

    private static void receive(Cpu cpu, int vector, int errorCode, Source source) {
        if (source == Source.EXTERNAL && vector != Vector.NMI) {
            cpu.traps.interrupt(cpu, vector);
        } else {
            cpu.traps.exception(cpu, vector, errorCode);
        }
        if (vector == Vector.DB) {
            cpu.debug.allowAccess();
        }
    }

    /** INT n, INT3 and INTO: what the gate refuses is a fault of the instruction. @throws GuestFault */
    public static void software(Cpu cpu, int vector) {
        if (cpu.traps != null) {
            cpu.traps.software(cpu, vector);
        } else {
            enter(cpu, vector, 0, Source.SOFTWARE);
        }
        cpu.interruptedBySoftware = true;
    }

    private static boolean isContributory(int vector) {
        return vector == Vector.DE || vector >= Vector.TS && vector <= Vector.GP;
    }

    private static void enter(Cpu cpu, int vector, int errorCode, Source source) {
        boolean hasError = source == Source.EXCEPTION && Vector.hasErrorCode(vector);
        if (!cpu.isProtected()) {
            enterReal(cpu, vector);
        } else if (cpu.isLongMode()) {
            enterLong(cpu, vector, errorCode, hasError, source);
        } else {
            enterProtected(cpu, vector, errorCode, hasError, source);
        }
    }

    private static void enterReal(Cpu cpu, int vector) {
        if (vector * 4 + 3 > (cpu.idtLimit & 0xffff)) {
            throw cpu.fault(Vector.GP, 0);
        }
        int target = cpu.mmu.load32(cpu.idtBase + vector * 4);
        long sp = cpu.r[Cpu.RSP];
        try {
            cpu.push(2, cpu.eflags() & 0xffff);
            cpu.push(2, cpu.segments[Instruction.CS].selector);
            cpu.push(2, cpu.rip);
        } catch (GuestFault fault) {
            cpu.r[Cpu.RSP] = sp;
            throw fault;
        }
        cpu.system &= ~(Cpu.IF | Cpu.TF | Cpu.AC);
        Segmentation.loadCodeReal(cpu, target >>> 16);
        cpu.rip = target & 0xffff;
    }

    private static int gateError(int vector, Source source) {
        return vector << 3 | ERROR_IDT | external(source);
    }

    private static int external(Source source) { return source == Source.SOFTWARE ? 0 : ERROR_EXTERNAL; }

    /** The image of EFLAGS that is saved: RF is set for faults, so that a return does not hit the same breakpoint again. */
    private static int savedFlags(Cpu cpu, int vector, Source source) {
        boolean fault = source == Source.EXCEPTION && vector != Vector.DB && vector != Vector.DF;
        return cpu.eflags() | (fault ? Cpu.RF : 0);
    }

    private static void enterLong(Cpu cpu, int vector, int errorCode, boolean hasError, Source source) {
        int gateError = gateError(vector, source);
        if (vector * 16 + 15 > (cpu.idtLimit & 0xffff)) {
            throw cpu.fault(Vector.GP, gateError);
        }
        long gate = cpu.mmu.loadSystem(cpu.idtBase + vector * 16L, 8);
        long high = cpu.mmu.loadSystem(cpu.idtBase + vector * 16L + 8, 8);
        int type = Descriptor.type(gate);
        if (!Descriptor.isSystem(gate) || type != Descriptor.INTERRUPT_GATE && type != Descriptor.TRAP_GATE
                || source == Source.SOFTWARE && Descriptor.dpl(gate) < cpu.cpl) {
            throw cpu.fault(Vector.GP, gateError);
        }
        if (!Descriptor.isPresent(gate)) {
            throw cpu.fault(Vector.NP, gateError);
        }
        int selector = Descriptor.gateSelector(gate);
        long code = gateCode(cpu, selector, source);
        if (!Descriptor.isLong(code) || Descriptor.isBig(code)) {
            throw cpu.fault(Vector.GP, selector & ~3 | external(source));
        }
        long target = Descriptor.gateOffset(gate) | high << 32;
        FarControl.requireTarget(cpu, target, code);
        int level = Descriptor.isConforming(code) ? cpu.cpl : Descriptor.dpl(code);
        int stackTable = (int) (gate >>> 32) & 7;
        long sp = stackTable != 0 ? taskStack(cpu, 0x24 + 8 * (stackTable - 1))
                : level < cpu.cpl ? taskStack(cpu, 4 + 8 * level) : cpu.r[Cpu.RSP];
        sp &= -16;
        int oldLevel = cpu.cpl;
        long frame = sp - (hasError ? 48 : 40);
        if (frame << 16 >> 16 != frame) {
            throw cpu.fault(Vector.SS, external(source));
        }
        cpu.mmu.privilege(level);
        try {
            long at = sp;
            cpu.mmu.store64(at -= 8, cpu.segments[Instruction.SS].selector);
            cpu.mmu.store64(at -= 8, cpu.is64Bit() ? cpu.r[Cpu.RSP] : cpu.r[Cpu.RSP] & 0xffff_ffffL);
            cpu.mmu.store64(at -= 8, savedFlags(cpu, vector, source) & 0xffff_ffffL);
            cpu.mmu.store64(at -= 8, cpu.segments[Instruction.CS].selector);
            cpu.mmu.store64(at -= 8, cpu.rip);
            if (hasError) {
                cpu.mmu.store64(at - 8, errorCode & 0xffff_ffffL);
            }
        } finally {
            cpu.mmu.privilege(oldLevel);
        }
        if (level < oldLevel) {
            cpu.segments[Instruction.SS].loadNull(level);
            cpu.segments[Instruction.SS].attributes = level << 5;
        }
        cpu.r[Cpu.RSP] = frame;
        cpu.rip = target;
        Segmentation.loadCode(cpu, selector, code, level);
        clearFlags(cpu, type == Descriptor.INTERRUPT_GATE);
    }

    private static void clearFlags(Cpu cpu, boolean interruptGate) {
        cpu.system &= ~(Cpu.TF | Cpu.NT | Cpu.RF | Cpu.VM | (interruptGate ? Cpu.IF : 0));
    }

    /** The code segment a gate leads to, checked. */
    private static long gateCode(Cpu cpu, int selector, Source source) {
        if ((selector & ~3) == 0) {
            throw cpu.fault(Vector.GP, external(source));
        }
        long code = descriptorOf(cpu, selector, source);
        if (!Descriptor.isCode(code) || Descriptor.dpl(code) > cpu.cpl) {
            throw cpu.fault(Vector.GP, selector & ~3 | external(source));
        }
        if (!Descriptor.isPresent(code)) {
            throw cpu.fault(Vector.NP, selector & ~3 | external(source));
        }
        return code;
    }

    private static long descriptorOf(Cpu cpu, int selector, Source source) {
        try {
            return Segmentation.descriptor(cpu, selector, Vector.GP);
        } catch (GuestFault fault) {
            throw fault.vector() == Vector.GP ? cpu.fault(Vector.GP, fault.errorCode() | external(source)) : fault;
        }
    }

    private static long taskStack(Cpu cpu, int offset) {
        if (offset + 7 > cpu.tr.limit) {
            throw cpu.fault(Vector.TS, cpu.tr.selector & ~3);
        }
        long sp = cpu.mmu.loadSystem(cpu.tr.base + offset, 8);
        if (sp << 16 >> 16 != sp) {
            throw cpu.fault(Vector.SS, 0);
        }
        return sp;
    }

    private static void enterProtected(Cpu cpu, int vector, int errorCode, boolean hasError, Source source) {
        int gateError = gateError(vector, source);
        if (vector * 8 + 7 > (cpu.idtLimit & 0xffff)) {
            throw cpu.fault(Vector.GP, gateError);
        }
        boolean v86 = cpu.isVirtual8086();
        long gate = cpu.mmu.loadSystem(cpu.wrapTable(cpu.idtBase + vector * 8L), 8);
        int type = Descriptor.type(gate);
        boolean usable = switch (type) {
            case Descriptor.INTERRUPT_GATE, Descriptor.TRAP_GATE, Descriptor.INTERRUPT_GATE_16, Descriptor.TRAP_GATE_16 -> true;
            default -> false;
        };
        if (!Descriptor.isSystem(gate) || !usable || source == Source.SOFTWARE && Descriptor.dpl(gate) < cpu.cpl) {
            throw cpu.fault(Vector.GP, gateError);
        }
        if (!Descriptor.isPresent(gate)) {
            throw cpu.fault(Vector.NP, gateError);
        }
        int selector = Descriptor.gateSelector(gate);
        long code = gateCode(cpu, selector, source);
        int level = Descriptor.isConforming(code) ? cpu.cpl : Descriptor.dpl(code);
        if (v86 && level != 0) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        int bytes = (type & 8) != 0 ? 4 : 2;
        long target = bytes == 4 ? Descriptor.gateOffset(gate) : Descriptor.gateOffset(gate) & 0xffff;
        FarControl.requireTarget(cpu, target, code);
        int flags = savedFlags(cpu, vector, source);
        if (level < cpu.cpl) {
            enterInner(cpu, selector, code, level, bytes, flags, errorCode, hasError);
        } else {
            long sp = cpu.r[Cpu.RSP];
            try {
                pushFrame(cpu, bytes, flags, errorCode, hasError);
            } catch (GuestFault fault) {
                cpu.r[Cpu.RSP] = sp;
                throw fault;
            }
            Segmentation.loadCode(cpu, selector, code, level);
        }
        cpu.rip = target;
        clearFlags(cpu, (type & 1) == 0);
    }

    private static void pushFrame(Cpu cpu, int bytes, int flags, int errorCode, boolean hasError) {
        cpu.push(bytes, flags);
        cpu.push(bytes, cpu.segments[Instruction.CS].selector);
        cpu.push(bytes, cpu.rip);
        if (hasError) {
            cpu.push(bytes, errorCode);
        }
    }

    /** To an inner level: the stack comes from the task state. */
    private static void enterInner(Cpu cpu, int selector, long code, int level, int bytes, int flags, int errorCode,
            boolean hasError) {
        boolean v86 = cpu.isVirtual8086();
        int[] old = new int[6];
        for (int i = 0; i < 6; i++) {
            old[i] = cpu.segments[i].selector;
        }
        long oldSp = cpu.r[Cpu.RSP];
        long oldIp = cpu.rip;
        InnerStack.Switch back = InnerStack.enter(cpu, level);
        try {
            if (v86) {
                cpu.push(bytes, old[Instruction.GS]);
                cpu.push(bytes, old[Instruction.FS]);
                cpu.push(bytes, old[Instruction.DS]);
                cpu.push(bytes, old[Instruction.ES]);
            }
            cpu.push(bytes, old[Instruction.SS]);
            cpu.push(bytes, oldSp);
            cpu.push(bytes, flags);
            cpu.push(bytes, old[Instruction.CS]);
            cpu.push(bytes, oldIp);
            if (hasError) {
                cpu.push(bytes, errorCode);
            }
        } catch (GuestFault fault) {
            back.undo(cpu);
            throw fault;
        }
        if (v86) {
            cpu.system &= ~Cpu.VM;
            for (int i : new int[] {Instruction.ES, Instruction.DS, Instruction.FS, Instruction.GS}) {
                cpu.segments[i].loadNull(0);
            }
        }
        Segmentation.loadCode(cpu, selector, code, level);
    }

    /** IRET in all modes (SDM volume 2, IRET). */
    public static void iret(Cpu cpu, int bytes) {
        cpu.nmiBlocked = false;
        if (cpu.nmiPending) {
            cpu.attend();
        }
        if (!cpu.isProtected()) {
            iretReal(cpu, bytes, ~(Cpu.VM | Cpu.VIF | Cpu.VIP));
        } else if (cpu.isVirtual8086()) {
            if (cpu.iopl() < 3) {
                throw cpu.fault(Vector.GP, 0);
            }
            iretReal(cpu, bytes, ~(Cpu.VM | Cpu.VIF | Cpu.VIP | Cpu.IOPL));
        } else if ((cpu.system & Cpu.NT) != 0) {
            // A return from a nested task; this processor offers no hardware task switch.
            throw cpu.fault(cpu.isLongMode() ? Vector.GP : Vector.TS, 0);
        } else {
            iretProtected(cpu, bytes);
        }
    }

    private static void iretReal(Cpu cpu, int bytes, int mask) {
        long ip = cpu.peek(0, bytes);
        int selector = (int) cpu.peek(bytes, bytes) & 0xffff;
        int flags = (int) cpu.peek(2 * bytes, bytes);
        cpu.stackPointer(cpu.r[Cpu.RSP] + 3 * bytes);
        Segmentation.loadCodeReal(cpu, selector);
        cpu.rip = ip;
        int effective = bytes == 2 ? mask & 0xffff : mask;
        cpu.eflags(cpu.eflags() & ~effective | flags & effective);
    }

    private static void iretProtected(Cpu cpu, int bytes) {
        int flags = (int) cpu.peek(2 * bytes, bytes);
        int selector = (int) cpu.peek(bytes, 2);
        long ip = cpu.peek(0, bytes);
        if ((flags & Cpu.VM) != 0 && cpu.cpl == 0 && bytes == 4 && !cpu.isLongMode()) {
            iretToVirtual8086(cpu, ip, selector, flags);
            return;
        }
        int level = selector & 3;
        long code = FarControl.returnCode(cpu, selector);
        boolean outer = level > cpu.cpl;
        boolean popsStack = outer || cpu.is64Bit();
        int mask = changeable(cpu, bytes);
        if (popsStack) {
            int stack = (int) cpu.peek(4 * bytes, 2);
            long sp = cpu.peek(3 * bytes, bytes);
            FarControl.switchStack(cpu, stack, sp, selector, code, ip);
        } else {
            FarControl.requireTarget(cpu, ip, code);
            cpu.stackPointer(cpu.r[Cpu.RSP] + 3 * bytes);
            Segmentation.loadCode(cpu, selector, code, level);
        }
        cpu.rip = cpu.wrapInstruction(ip);
        cpu.eflags(cpu.eflags() & ~mask | flags & mask);
        if (outer) {
            Segmentation.dropInner(cpu);
        }
    }

    /** The flags IRET may change at this level. */
    private static int changeable(Cpu cpu, int bytes) {
        int mask = Flags.ARITHMETIC | Cpu.TF | Cpu.DF | Cpu.NT;
        if (bytes > 2) {
            mask |= Cpu.RF | Cpu.AC | Cpu.ID;
        }
        if (cpu.cpl <= cpu.iopl()) {
            mask |= Cpu.IF;
        }
        if (cpu.cpl == 0) {
            mask |= Cpu.IOPL | (bytes > 2 ? Cpu.VIF | Cpu.VIP : 0);
        }
        return mask;
    }

    private static void iretToVirtual8086(Cpu cpu, long ip, int selector, int flags) {
        long sp = cpu.peek(12, 4);
        int[] selectors = new int[5];
        for (int i = 0; i < 5; i++) {
            selectors[i] = (int) cpu.peek(16 + 4 * i, 4) & 0xffff;
        }
        cpu.eflags(flags);
        cpu.cpl = 3;
        int[] order = {Instruction.SS, Instruction.ES, Instruction.DS, Instruction.FS, Instruction.GS};
        for (int i = 0; i < 5; i++) {
            Segmentation.load(cpu, order[i], selectors[i]);
        }
        Segmentation.loadCodeReal(cpu, selector);
        cpu.r[Cpu.RSP] = sp;
        cpu.rip = ip & 0xffff;
    }
}
