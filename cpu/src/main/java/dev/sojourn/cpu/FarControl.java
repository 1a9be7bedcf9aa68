package dev.sojourn.cpu;

import dev.sojourn.isa.Instruction;

/** Far jumps, calls and returns (SDM volume 3, 5.8). Task gates and task states as targets are refused: #GP. */
public final class FarControl {
    private FarControl() {}

    public static void jump(Cpu cpu, int selector, long offset) {
        if (!cpu.usesDescriptors()) {
            Segmentation.loadCodeReal(cpu, selector);
            cpu.rip = offset;
            return;
        }
        long d = target(cpu, selector);
        if (Descriptor.isCode(d)) {
            direct(cpu, selector, d, offset);
            return;
        }
        CallGate gate = CallGate.read(cpu, selector, d);
        long code = gate.code(cpu);
        if (!Descriptor.isConforming(code) && Descriptor.dpl(code) != cpu.cpl) {
            throw cpu.fault(Vector.GP, gate.selector() & ~3);
        }
        requireTarget(cpu, gate.offset(), code);
        Segmentation.loadCode(cpu, gate.selector(), code, cpu.cpl);
        cpu.rip = gate.offset();
    }

    public static void call(Cpu cpu, int selector, long offset, int bytes) {
        if (!cpu.usesDescriptors()) {
            pushReturn(cpu, bytes);
            Segmentation.loadCodeReal(cpu, selector);
            cpu.rip = offset;
            return;
        }
        long d = target(cpu, selector);
        if (!Descriptor.isCode(d)) {
            CallGate.read(cpu, selector, d).call(cpu);
            return;
        }
        checkDirect(cpu, selector, d);
        long sp = cpu.r[Cpu.RSP];
        try {
            pushReturn(cpu, bytes, d);
            requireTarget(cpu, offset, d);
        } catch (GuestFault fault) {
            cpu.r[Cpu.RSP] = sp;
            throw fault;
        }
        Segmentation.loadCode(cpu, selector, d, cpu.cpl);
        cpu.rip = cpu.wrapInstruction(offset);
    }

    private static long target(Cpu cpu, int selector) {
        if ((selector & ~3) == 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return Segmentation.descriptor(cpu, selector, Vector.GP);
    }

    private static void direct(Cpu cpu, int selector, long d, long offset) {
        checkDirect(cpu, selector, d);
        requireTarget(cpu, offset, d);
        Segmentation.loadCode(cpu, selector, d, cpu.cpl);
        cpu.rip = cpu.wrapInstruction(offset);
    }

    private static void checkDirect(Cpu cpu, int selector, long d) {
        int dpl = Descriptor.dpl(d);
        boolean allowed = Descriptor.isConforming(d) ? dpl <= cpu.cpl : dpl == cpu.cpl && (selector & 3) <= cpu.cpl;
        if (!allowed || cpu.isLongMode() && Descriptor.isLong(d) && Descriptor.isBig(d)) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        if (!Descriptor.isPresent(d)) {
            throw cpu.fault(Vector.NP, selector & ~3);
        }
    }

    /** As {@link #pushReturn(Cpu, int)}; the stack pointer is as wide as the code called has it. */
    private static void pushReturn(Cpu cpu, int bytes, long code) {
        long mask = cpu.stackMask;
        if (cpu.is64Bit() && !Descriptor.isLong(code)) {
            cpu.stackMask = 0xffff_ffffL;
        }
        try {
            pushReturn(cpu, bytes);
        } finally {
            cpu.stackMask = mask;
        }
    }

    /** Pushes CS and the instruction pointer, both or neither. */
    static void pushReturn(Cpu cpu, int bytes) {
        long sp = cpu.r[Cpu.RSP];
        try {
            cpu.push(bytes, cpu.segments[Instruction.CS].selector);
            cpu.push(bytes, cpu.rip);
        } catch (GuestFault fault) {
            cpu.r[Cpu.RSP] = sp;
            throw fault;
        }
    }

    /** Whether an instruction pointer is good for a code segment. @throws GuestFault #GP(0) */
    static void requireTarget(Cpu cpu, long offset, long code) {
        boolean bits64 = cpu.isLongMode() && Descriptor.isLong(code);
        if (bits64 ? offset << 16 >> 16 != offset : (offset & 0xffff_ffffL) > Descriptor.limit(code)) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** The code segment a return goes to, checked. */
    static long returnCode(Cpu cpu, int selector) {
        if ((selector & ~3) == 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        long code = Segmentation.descriptor(cpu, selector, Vector.GP);
        int rpl = selector & 3;
        int dpl = Descriptor.dpl(code);
        if (!Descriptor.isCode(code) || rpl < cpu.cpl || (Descriptor.isConforming(code) ? dpl > rpl : dpl != rpl)) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        if (!Descriptor.isPresent(code)) {
            throw cpu.fault(Vector.NP, selector & ~3);
        }
        return code;
    }

    /** Takes SS:RSP and CS of a return together: all checks first, that of the instruction pointer last. */
    static void switchStack(Cpu cpu, int stack, long sp, int selector, long code, long ip) {
        int level = selector & 3;
        boolean bits64 = cpu.isLongMode() && Descriptor.isLong(code);
        SegmentRegister ss = cpu.segments[Instruction.SS];
        if ((stack & ~3) == 0) {
            if (!bits64 || level == 3 || (stack & 3) != level) {
                throw cpu.fault(Vector.GP, 0);
            }
            requireTarget(cpu, ip, code);
            Segmentation.loadCode(cpu, selector, code, level);
            ss.loadNull(stack);
            ss.attributes = level << 5;
        } else {
            long d = Segmentation.descriptor(cpu, stack, Vector.GP);
            if ((stack & 3) != level || Descriptor.dpl(d) != level || !Descriptor.isWritableData(d)) {
                throw cpu.fault(Vector.GP, stack & ~3);
            }
            if (!Descriptor.isPresent(d)) {
                throw cpu.fault(Vector.SS, stack & ~3);
            }
            requireTarget(cpu, ip, code);
            Segmentation.markAccessed(cpu, stack, d);
            Segmentation.loadCode(cpu, selector, code, level);
            ss.load(stack, d | 1L << 40);
        }
        cpu.modeChanged();
        cpu.stackPointer(sp);
    }

    /**
     * Goes to code and stack of the current level, with the checks of a return there (SDM volume 2, IRET): for a hypervisor
     * that returns to its guest. Nothing has changed when it throws.
     */
    public static void resume(Cpu cpu, int selector, long ip, int stack, long sp) {
        long code = returnCode(cpu, selector);
        switchStack(cpu, stack, sp, selector, code, ip);
        cpu.rip = cpu.wrapInstruction(ip);
    }

    /** RET far, with that many bytes of parameters to drop. */
    public static void ret(Cpu cpu, int bytes, int drop) {
        int selector = (int) cpu.peek(bytes, 2);
        long ip = cpu.peek(0, bytes);
        if (!cpu.usesDescriptors()) {
            cpu.stackPointer(cpu.r[Cpu.RSP] + 2 * bytes + drop);
            Segmentation.loadCodeReal(cpu, selector);
            cpu.rip = ip;
            return;
        }
        int level = selector & 3;
        long code = returnCode(cpu, selector);
        if (level > cpu.cpl) {
            long sp = cpu.peek(2 * bytes + drop, bytes);
            int stack = (int) cpu.peek(3 * bytes + drop, 2);
            switchStack(cpu, stack, sp + drop, selector, code, ip);
            Segmentation.dropInner(cpu);
        } else {
            requireTarget(cpu, ip, code);
            cpu.stackPointer(cpu.r[Cpu.RSP] + 2 * bytes + drop);
            Segmentation.loadCode(cpu, selector, code, level);
        }
        cpu.rip = cpu.wrapInstruction(ip);
    }
}
