package dev.sojourn.cpu;

import dev.sojourn.isa.Instruction;

/** A call gate (SDM volume 3, 5.8.3), of 16, 32 or 64 bits. */
record CallGate(int selector, long offset, int bytes, int parameters) {

    /** Reads the gate behind a system descriptor. @throws GuestFault #GP, #NP */
    static CallGate read(Cpu cpu, int selector, long d) {
        int type = Descriptor.type(d);
        boolean gate = Descriptor.isSystem(d)
                && (type == Descriptor.CALL_GATE || type == Descriptor.CALL_GATE_16 && !cpu.isLongMode());
        if (!gate || Descriptor.dpl(d) < cpu.cpl || Descriptor.dpl(d) < (selector & 3)) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        if (!Descriptor.isPresent(d)) {
            throw cpu.fault(Vector.NP, selector & ~3);
        }
        if (cpu.isLongMode()) {
            long high = Segmentation.descriptor(cpu, selector + 8, Vector.GP);
            if ((high >>> 40 & 0x1f) != 0) {
                throw cpu.fault(Vector.GP, selector & ~3);
            }
            return new CallGate(Descriptor.gateSelector(d), Descriptor.gateOffset(d) | high << 32, 8, 0);
        }
        int bytes = type == Descriptor.CALL_GATE ? 4 : 2;
        long offset = Descriptor.gateOffset(d);
        return new CallGate(Descriptor.gateSelector(d), bytes == 4 ? offset : offset & 0xffff, bytes, (int) (d >>> 32) & 31);
    }

    /** The code segment behind it. @throws GuestFault #GP, #NP */
    long code(Cpu cpu) {
        if ((selector & ~3) == 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        long code = Segmentation.descriptor(cpu, selector, Vector.GP);
        if (!Descriptor.isCode(code) || Descriptor.dpl(code) > cpu.cpl || bytes == 8 && !Descriptor.isLong(code)) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        if (!Descriptor.isPresent(code)) {
            throw cpu.fault(Vector.NP, selector & ~3);
        }
        return code;
    }

    void call(Cpu cpu) {
        long code = code(cpu);
        FarControl.requireTarget(cpu, offset, code);
        int level = Descriptor.isConforming(code) ? cpu.cpl : Descriptor.dpl(code);
        if (level < cpu.cpl) {
            callInner(cpu, code, level);
        } else {
            FarControl.pushReturn(cpu, bytes);
            Segmentation.loadCode(cpu, selector, code, level);
        }
        cpu.rip = offset;
    }

    private void callInner(Cpu cpu, long code, int level) {
        int oldStack = cpu.segments[Instruction.SS].selector;
        long oldSp = cpu.r[Cpu.RSP];
        int oldCode = cpu.segments[Instruction.CS].selector;
        if (bytes == 8) {
            callInnerLong(cpu, code, level, oldStack, oldSp, oldCode);
            return;
        }
        long[] copied = new long[parameters];
        for (int i = 0; i < parameters; i++) {
            copied[i] = cpu.peek(i * bytes, bytes);
        }
        InnerStack.Switch back = InnerStack.enter(cpu, level);
        try {
            cpu.push(bytes, oldStack);
            cpu.push(bytes, oldSp);
            for (int i = parameters - 1; i >= 0; i--) {
                cpu.push(bytes, copied[i]);
            }
            cpu.push(bytes, oldCode);
            cpu.push(bytes, cpu.rip);
        } catch (GuestFault fault) {
            back.undo(cpu);
            throw fault;
        }
        Segmentation.loadCode(cpu, selector, code, level);
    }

    private void callInnerLong(Cpu cpu, long code, int level, int oldStack, long oldSp, int oldCode) {
        long sp = cpu.mmu.loadSystem(cpu.tr.base + 4 + 8 * level, 8);
        cpu.mmu.storeSystem(sp - 8, 8, oldStack);
        cpu.mmu.storeSystem(sp - 16, 8, oldSp);
        cpu.mmu.storeSystem(sp - 24, 8, oldCode);
        cpu.mmu.storeSystem(sp - 32, 8, cpu.rip);
        Segmentation.loadCode(cpu, selector, code, level);
        cpu.segments[Instruction.SS].loadNull(level);
        cpu.segments[Instruction.SS].attributes = level << 5;
        cpu.r[Cpu.RSP] = sp - 32;
        cpu.modeChanged();
    }
}
