package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.ControlRegisters;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.DebugRegisters;
import dev.sojourn.cpu.Segmentation;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Op;

/** Segment registers, descriptor tables, control and debug registers. */
final class SystemSteps {
    private SystemSteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.op) {
            case PUSH_SEGMENT, POP_SEGMENT -> new StackSegment(i);
            case MOV_FROM_SEGMENT -> new FromSegment(Place.of(i, i.form.operands.getFirst(), next), i.reg);
            case MOV_TO_SEGMENT -> new ToSegment(i.reg & 7, Place.of(i, i.form.operands.get(1), next));
            case LES, LDS, LSS, LFS, LGS -> new FarPointer(i, next);
            case SGDT, SIDT, LGDT, LIDT -> new Table(i, next);
            case MOV_FROM_CONTROL, MOV_TO_CONTROL, MOV_FROM_DEBUG, MOV_TO_DEBUG -> new Control(i);
            case LAR, LSL -> new Look(i.op, Place.of(i, i.form.operands.getFirst(), next),
                    Place.of(i, i.form.operands.get(1), next));
            case ARPL -> new Adjust(Place.of(i, i.form.operands.getFirst(), next), Place.of(i, i.form.operands.get(1), next));
            default -> new Selector(i.op, Place.of(i, i.form.operands.getFirst(), next));
        };
    }

    private static final class StackSegment extends Step {
        private final boolean push;
        private final int segment;
        private final int bytes;

        StackSegment(Instruction i) {
            push = i.op == Op.PUSH_SEGMENT;
            segment = i.opcode >> 3 & 7 & (i.opcode >= 0xa0 ? 5 : 3);
            bytes = i.operandBytes;
        }

        @Override
        void run(Cpu cpu) {
            if (push) {
                push(cpu);
                return;
            }
            int selector = (int) cpu.peek(0, bytes) & 0xffff;
            long sp = cpu.r[Cpu.RSP] + bytes;
            long mask = cpu.stackMask;
            Segmentation.load(cpu, segment, selector);
            cpu.r[Cpu.RSP] = cpu.r[Cpu.RSP] & ~mask | sp & mask;
            shadow(cpu, segment);
        }

        /** A push of 32 bits leaves the upper half of its place alone (SDM volume 2, PUSH). */
        private void push(Cpu cpu) {
            int selector = cpu.segments[segment].selector;
            if (bytes != 4) {
                cpu.push(bytes, selector);
                return;
            }
            long sp = cpu.r[Cpu.RSP] - bytes & cpu.stackMask;
            cpu.mmu.store16(cpu.address(Instruction.SS, sp, bytes, true), selector);
            cpu.stackPointer(sp);
        }
    }

    private static void shadow(Cpu cpu, int segment) {
        if (segment == Instruction.SS) {
            cpu.interruptShadow = true;
            cpu.stackShadow = true;
            cpu.attend();
        }
    }

    private static final class FromSegment extends Step {
        private final Place target;
        private final int segment;

        FromSegment(Place target, int segment) {
            this.target = target;
            this.segment = segment & 7;
        }

        @Override
        void run(Cpu cpu) {
            if (segment > Instruction.GS) {
                throw cpu.fault(Vector.UD, 0);
            }
            target.store(cpu, target.locate(cpu, true), cpu.segments[segment].selector);
        }
    }

    private static final class ToSegment extends Step {
        private final int segment;
        private final Place source;

        ToSegment(int segment, Place source) {
            this.segment = segment;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            if (segment > Instruction.GS || segment == Instruction.CS) {
                throw cpu.fault(Vector.UD, 0);
            }
            Segmentation.load(cpu, segment, (int) source.load(cpu) & 0xffff);
            shadow(cpu, segment);
        }
    }

    private static final class FarPointer extends Step {
        private final Place target;
        private final Address address;
        private final int segment;

        FarPointer(Instruction i, long next) {
            target = Place.of(i, i.form.operands.getFirst(), next);
            address = new Address(i, next);
            segment = switch (i.op) {
                case LES -> Instruction.ES;
                case LDS -> Instruction.DS;
                case LSS -> Instruction.SS;
                case LFS -> Instruction.FS;
                default -> Instruction.GS;
            };
        }

        @Override
        void run(Cpu cpu) {
            long at = address.linear(cpu, target.bytes + 2, false);
            long offset = cpu.mmu.load(at, target.bytes);
            Segmentation.load(cpu, segment, cpu.mmu.load16(at + target.bytes));
            target.store(cpu, 0, offset);
            shadow(cpu, segment);
        }
    }

    private static final class Table extends Step {
        private final Op op;
        private final Address address;
        private final int baseBytes;
        private final long baseMask;

        Table(Instruction i, long next) {
            op = i.op;
            address = new Address(i, next);
            baseBytes = i.mode == Mode.BITS_64 ? 8 : 4;
            boolean narrow = i.operandBytes == 2 && i.mode != Mode.BITS_64;
            baseMask = baseBytes == 8 ? -1 : narrow ? 0xff_ffff : 0xffff_ffffL;
        }

        @Override
        void run(Cpu cpu) {
            boolean store = op == Op.SGDT || op == Op.SIDT;
            if (!store) {
                cpu.requireLevel0();
            }
            long at = address.linear(cpu, 2 + baseBytes, store);
            if (store) {
                cpu.mmu.probeStore(at, 2 + baseBytes);
                cpu.mmu.store16(at, op == Op.SGDT ? cpu.gdtLimit : cpu.idtLimit);
                cpu.mmu.store(at + 2, baseBytes, op == Op.SGDT ? cpu.gdtBase : cpu.idtBase);
                return;
            }
            int limit = cpu.mmu.load16(at);
            long base = cpu.mmu.load(at + 2, baseBytes) & baseMask;
            if (base << 16 >> 16 != base) {
                throw cpu.fault(Vector.GP, 0);
            }
            if (op == Op.LGDT) {
                cpu.gdtLimit = limit;
                cpu.gdtBase = base;
            } else {
                cpu.idtLimit = limit;
                cpu.idtBase = base;
            }
        }
    }

    private static final class Control extends Step {
        private final Op op;
        private final int number;
        private final int register;
        private final long mask;

        Control(Instruction i) {
            op = i.op;
            // LOCK MOV CR0 is AMD's way to CR8; here it is no instruction.
            number = i.reg;
            register = i.rm;
            mask = i.mode == Mode.BITS_64 ? -1 : 0xffff_ffffL;
        }

        @Override
        void run(Cpu cpu) {
            requireRegister(cpu);
            cpu.requireLevel0();
            switch (op) {
                case MOV_FROM_CONTROL -> cpu.r[register] = ControlRegisters.read(cpu, number) & mask;
                case MOV_TO_CONTROL -> ControlRegisters.write(cpu, number, cpu.r[register] & mask);
                case MOV_FROM_DEBUG -> cpu.r[register] = readDebug(cpu) & mask;
                default -> writeDebug(cpu, cpu.r[register] & mask);
            }
        }

        /** That there is no such register counts before the privilege level. */
        private void requireRegister(Cpu cpu) {
            if (op == Op.MOV_FROM_DEBUG || op == Op.MOV_TO_DEBUG) {
                debugNumber(cpu);
            } else if (number > 4 && number != 8 || number == 1) {
                throw cpu.fault(Vector.UD, 0);
            }
        }

        /** DR4 and DR5 are DR6 and DR7 unless CR4.DE is set. */
        private int debugNumber(Cpu cpu) {
            if (number > 7 || (number == 4 || number == 5) && (cpu.cr4 & Cpu.CR4_DE) != 0) {
                throw cpu.fault(Vector.UD, 0);
            }
            if (cpu.debug.refusesAccess()) {
                throw cpu.fault(Vector.DB, 0);
            }
            return number == 4 || number == 5 ? number + 2 : number;
        }

        private long readDebug(Cpu cpu) {
            return switch (debugNumber(cpu)) {
                case 6 -> cpu.debug.dr6;
                case 7 -> cpu.debug.dr7();
                default -> cpu.debug.address[number];
            };
        }

        private void writeDebug(Cpu cpu, long value) {
            int n = debugNumber(cpu);
            if (n >= 6 && value >>> 32 != 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            switch (n) {
                case 6 -> cpu.debug.dr6 = value & 0xe00f | DebugRegisters.DR6_RESET;
                case 7 -> cpu.debug.dr7(value);
                default -> cpu.debug.address[n] = value;
            }
            cpu.mmu.flushAll();
            cpu.attend();
        }
    }

    /** Instructions with one operand that is a selector or a status word. */
    private static final class Selector extends Step {
        private final Op op;
        private final Place operand;

        Selector(Op op, Place operand) {
            this.op = op;
            this.operand = operand;
        }

        @Override
        void run(Cpu cpu) {
            if (op != Op.SMSW && op != Op.LMSW && !cpu.usesDescriptors()) {
                throw cpu.fault(Vector.UD, 0);
            }
            switch (op) {
                case SMSW -> operand.store(cpu, operand.locate(cpu, true), cpu.cr0);
                case SLDT -> operand.store(cpu, operand.locate(cpu, true), cpu.ldtr.selector);
                case STR -> operand.store(cpu, operand.locate(cpu, true), cpu.tr.selector);
                case LMSW -> {
                    cpu.requireLevel0();
                    ControlRegisters.machineStatus(cpu, (int) operand.load(cpu));
                }
                case LLDT -> {
                    cpu.requireLevel0();
                    Segmentation.loadLocalTable(cpu, (int) operand.load(cpu) & 0xffff);
                }
                case LTR -> {
                    cpu.requireLevel0();
                    Segmentation.loadTask(cpu, (int) operand.load(cpu) & 0xffff);
                }
                default -> verify(cpu, (int) operand.load(cpu) & 0xffff);
            }
        }

        private void verify(Cpu cpu, int selector) {
            boolean may = op == Op.VERR ? Segmentation.mayRead(cpu, selector) : Segmentation.mayWrite(cpu, selector);
            cpu.flags.set(may ? Flags.ZF : 0, Flags.ZF);
        }
    }

    /** LAR and LSL. */
    private static final class Look extends Step {
        private final Op op;
        private final Place target;
        private final Place source;

        Look(Op op, Place target, Place source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            if (!cpu.usesDescriptors()) {
                throw cpu.fault(Vector.UD, 0);
            }
            int selector = (int) source.load(cpu) & 0xffff;
            long found = op == Op.LAR ? Segmentation.accessRights(cpu, selector) : Segmentation.limit(cpu, selector);
            if (found != -1) {
                target.store(cpu, 0, found);
            }
            cpu.flags.set(found != -1 ? Flags.ZF : 0, Flags.ZF);
        }
    }

    /** ARPL. */
    private static final class Adjust extends Step {
        private final Place target;
        private final Place source;

        Adjust(Place target, Place source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            if (!cpu.usesDescriptors()) {
                throw cpu.fault(Vector.UD, 0);
            }
            long at = target.locate(cpu, false);
            long a = target.load(cpu, at) & 0xffff;
            long b = source.load(cpu, 0) & 3;
            boolean raise = (a & 3) < b;
            if (raise) {
                target.store(cpu, target.locate(cpu, true), a & ~3 | b);
            }
            cpu.flags.set(raise ? Flags.ZF : 0, Flags.ZF);
        }
    }
}
