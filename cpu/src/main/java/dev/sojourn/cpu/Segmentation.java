package dev.sojourn.cpu;

import dev.sojourn.isa.Instruction;

/** Loads of segment registers and looks into descriptor tables (SDM volume 3, chapters 3 and 5). */
public final class Segmentation {
    private Segmentation() {}

    /**
     * Reads the descriptor a selector names.
     *
     * @throws GuestFault {@code vector} with the selector if it lies outside its table
     */
    static long descriptor(Cpu cpu, int selector, int vector) {
        long at = address(cpu, selector);
        if (at == -1) {
            throw cpu.fault(vector, selector & ~3);
        }
        return cpu.mmu.loadSystem(at, 8);
    }

    /** Where a selector's descriptor lies; -1 if outside its table. */
    private static long address(Cpu cpu, int selector) {
        boolean local = (selector & 4) != 0;
        if (local && cpu.ldtr.unusable) {
            return -1;
        }
        long base = local ? cpu.ldtr.base : cpu.gdtBase;
        long limit = local ? cpu.ldtr.limit : cpu.gdtLimit & 0xffff;
        int offset = selector & ~7;
        return offset + 7 > limit ? -1 : cpu.wrapTable(base + offset);
    }

    static void markAccessed(Cpu cpu, int selector, long descriptor) {
        if ((descriptor >>> 40 & SegmentRegister.TYPE_ACCESSED) == 0) {
            long at = address(cpu, selector);
            cpu.mmu.storeSystem(at + 5, 1, descriptor >>> 40 & 0xff | SegmentRegister.TYPE_ACCESSED);
        }
    }

    /** MOV, POP, LDS and the like to a segment register but CS. @throws GuestFault */
    public static void load(Cpu cpu, int segment, int selector) {
        if (!cpu.usesDescriptors()) {
            loadReal(cpu, segment, selector);
        } else if ((selector & ~3) == 0) {
            loadNull(cpu, segment, selector);
        } else {
            long descriptor = descriptor(cpu, selector, Vector.GP);
            check(cpu, segment, selector, descriptor);
            markAccessed(cpu, selector, descriptor);
            cpu.segments[segment].load(selector, descriptor | 1L << 40);
        }
        cpu.modeChanged();
    }

    private static void loadReal(Cpu cpu, int segment, int selector) {
        SegmentRegister s = cpu.segments[segment];
        if (cpu.isVirtual8086()) {
            s.set(selector, (long) selector << 4, 0xffff, 0xf3);
        } else {
            s.selector = selector;
            s.base = (long) selector << 4;
            s.unusable = false;
        }
    }

    private static void loadNull(Cpu cpu, int segment, int selector) {
        if (segment == Instruction.SS && !(cpu.is64Bit() && cpu.cpl < 3 && (selector & 3) == cpu.cpl)) {
            throw cpu.fault(Vector.GP, 0);
        }
        SegmentRegister s = cpu.segments[segment];
        s.loadNull(selector);
        if (segment == Instruction.SS) {
            s.attributes = cpu.cpl << 5;
        }
    }

    private static void check(Cpu cpu, int segment, int selector, long descriptor) {
        int rpl = selector & 3;
        int dpl = Descriptor.dpl(descriptor);
        boolean stack = segment == Instruction.SS;
        boolean allowed = stack
                ? rpl == cpu.cpl && dpl == cpu.cpl && Descriptor.isWritableData(descriptor)
                : !Descriptor.isSystem(descriptor) && Descriptor.isReadable(descriptor)
                        && (Descriptor.isConforming(descriptor) || dpl >= rpl && dpl >= cpu.cpl);
        if (!allowed) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        if (!Descriptor.isPresent(descriptor)) {
            throw cpu.fault(stack ? Vector.SS : Vector.NP, selector & ~3);
        }
    }

    /** LLDT. */
    public static void loadLocalTable(Cpu cpu, int selector) {
        if ((selector & ~3) == 0) {
            cpu.ldtr.loadNull(selector);
            return;
        }
        long descriptor = systemDescriptor(cpu, selector);
        if (Descriptor.type(descriptor) != Descriptor.LDT) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        loadSystem(cpu, cpu.ldtr, selector, descriptor);
    }

    /** LTR: the task state becomes busy. */
    public static void loadTask(Cpu cpu, int selector) {
        if ((selector & ~3) == 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        long descriptor = systemDescriptor(cpu, selector);
        int type = Descriptor.type(descriptor);
        if (type != Descriptor.TSS && (type != Descriptor.TSS_16 || cpu.isLongMode())) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        loadSystem(cpu, cpu.tr, selector, descriptor | 2L << 40);
        cpu.mmu.storeSystem(address(cpu, selector) + 5, 1, descriptor >>> 40 & 0xff | 2);
    }

    private static long systemDescriptor(Cpu cpu, int selector) {
        if ((selector & 4) != 0) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        long descriptor = descriptor(cpu, selector, Vector.GP);
        if (!Descriptor.isSystem(descriptor)) {
            throw cpu.fault(Vector.GP, selector & ~3);
        }
        if (!Descriptor.isPresent(descriptor)) {
            throw cpu.fault(Vector.NP, selector & ~3);
        }
        return descriptor;
    }

    /** In long mode a system descriptor has 16 bytes (SDM volume 3, 7.2.3). */
    private static void loadSystem(Cpu cpu, SegmentRegister register, int selector, long descriptor) {
        long high = 0;
        if (cpu.isLongMode()) {
            if ((selector & ~7) + 15 > (cpu.gdtLimit & 0xffff)) {
                throw cpu.fault(Vector.GP, selector & ~3);
            }
            high = cpu.mmu.loadSystem(address(cpu, selector) + 8, 8);
        }
        register.load(selector, descriptor);
        register.base |= high << 32;
    }

    /** LAR, LSL, VERR, VERW: the descriptor if this level may see it; 0 if not. */
    public static long visible(Cpu cpu, int selector) {
        long at = (selector & ~3) == 0 ? -1 : address(cpu, selector);
        if (at == -1) {
            return 0;
        }
        long descriptor = cpu.mmu.loadSystem(at, 8);
        boolean visible = Descriptor.isConforming(descriptor)
                || Descriptor.dpl(descriptor) >= cpu.cpl && Descriptor.dpl(descriptor) >= (selector & 3);
        return visible ? descriptor : 0;
    }

    /** LAR: the access rights at their places in the second doubleword; -1 if there is nothing to see. */
    public static long accessRights(Cpu cpu, int selector) {
        long d = visible(cpu, selector);
        if (d == 0) {
            return -1;
        }
        boolean valid = !Descriptor.isSystem(d) || switch (Descriptor.type(d)) {
            case Descriptor.LDT, Descriptor.TSS, Descriptor.TSS_BUSY, Descriptor.CALL_GATE -> true;
            case Descriptor.TSS_16, Descriptor.TSS_16_BUSY, Descriptor.CALL_GATE_16, Descriptor.TASK_GATE -> !cpu.isLongMode();
            default -> false;
        };
        return valid ? d >>> 32 & 0x00ff_ff00L : -1;
    }

    /** LSL: the limit in bytes; -1 if there is nothing to see. */
    public static long limit(Cpu cpu, int selector) {
        long d = visible(cpu, selector);
        if (d == 0) {
            return -1;
        }
        boolean valid = !Descriptor.isSystem(d) || switch (Descriptor.type(d)) {
            case Descriptor.LDT, Descriptor.TSS, Descriptor.TSS_BUSY -> true;
            case Descriptor.TSS_16, Descriptor.TSS_16_BUSY -> !cpu.isLongMode();
            default -> false;
        };
        return valid ? Descriptor.limit(d) : -1;
    }

    /** VERR and VERW. */
    public static boolean mayRead(Cpu cpu, int selector) {
        long d = visible(cpu, selector);
        return d != 0 && !Descriptor.isSystem(d) && Descriptor.isReadable(d);
    }

    public static boolean mayWrite(Cpu cpu, int selector) {
        long d = visible(cpu, selector);
        return d != 0 && Descriptor.isWritableData(d);
    }

    /** Puts CS to a checked descriptor and the level that comes with it. */
    static void loadCode(Cpu cpu, int selector, long descriptor, int level) {
        markAccessed(cpu, selector, descriptor);
        cpu.segments[Instruction.CS].load(selector & ~3 | level, descriptor | 1L << 40);
        cpu.cpl = level;
        cpu.modeChanged();
    }

    /** Puts CS in real and virtual-8086 mode. */
    static void loadCodeReal(Cpu cpu, int selector) {
        SegmentRegister cs = cpu.segments[Instruction.CS];
        if (cpu.isVirtual8086()) {
            cs.set(selector, (long) selector << 4, 0xffff, 0xfb);
        } else {
            cs.set(selector, (long) selector << 4, cs.limit, SegmentRegister.CODE | cs.attributes & SegmentRegister.BIG);
        }
        cpu.modeChanged();
    }

    /** After a return to an outer level, data segments the new level may not use become null (SDM volume 2, IRET). */
    static void dropInner(Cpu cpu) {
        for (int i : new int[] {Instruction.ES, Instruction.DS, Instruction.FS, Instruction.GS}) {
            SegmentRegister s = cpu.segments[i];
            boolean conforming = s.isCode() && (s.attributes & SegmentRegister.TYPE_DOWN_OR_CONFORMING) != 0;
            if (!s.unusable && !conforming && s.dpl() < cpu.cpl) {
                s.loadNull(0);
                cpu.bases[i] = 0;
            }
        }
    }
}
