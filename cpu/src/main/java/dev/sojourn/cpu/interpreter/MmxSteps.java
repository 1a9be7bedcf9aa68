package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.vector.FloatConvert;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.cpu.operation.vector.Shuffle;
import dev.sojourn.isa.Form;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;

/**
 * Instructions with an MMX register.
 *
 * <p>To touch one makes all x87 registers valid and the stack top zero. Processors do so after a load that may fault, and
 * before a conversion that may.
 */
final class MmxSteps {
    private static final int NUMBER = 7;
    private static final int ALL_VALID = 0xff;

    private MmxSteps() {}

    static Step bind(Instruction i, long next) {
        int reg = i.reg & NUMBER;
        int rm = i.rm & NUMBER;
        int immediate = (int) i.immediate & 0xff;
        return switch (i.vector) {
            case EMMS -> new Empty();
            case MOVD -> i.form.operands.getFirst() == Operand.P ? new Load(reg, Place.of(i, Operand.Ey, next))
                    : new Store(Place.of(i, Operand.Ey, next), reg);
            case MOVQ -> i.form.operands.getFirst() == Operand.P ? new Combine(i.vector, reg, source(i, next), 0)
                    : i.isMemory() ? new Store(Place.of(i, Operand.Mq, next), reg)
                    : new Combine(i.vector, rm, new Source(reg), 0);
            case MOVNTQ -> new Store(Place.of(i, Operand.Mq, next), reg);
            case MASKMOVQ -> new MaskedStore(i);
            case MOVQ2DQ -> new ToXmm(2 * i.reg, rm);
            case MOVDQ2Q -> new FromXmm(reg, 2 * i.rm);
            case PINSRW -> new Insert(reg, Place.of(i, Operand.RdMw, next), immediate);
            case PEXTRW, PMOVMSKB -> new Extract(i.vector, Place.of(i, Operand.Gd, next), rm, immediate);
            case CVTPI2PS, CVTPI2PD -> new ToFloat(i.vector, 2 * i.reg, source(i, next));
            case CVTPS2PI, CVTTPS2PI, CVTPD2PI, CVTTPD2PI -> new FromFloat(i.vector, reg, VectorSteps.source(i, next));
            default -> i.form == Form.N_Ib ? new ShiftConstant(i.vector, rm, immediate)
                    : new Combine(i.vector, reg, source(i, next), immediate);
        };
    }

    private static Source source(Instruction i, long next) {
        Operand operand = i.form.operands.get(1);
        return i.isMemory() ? new Source(operand.bytes(i.operandBytes, i.mode, true), new Address(i, next))
                : new Source(i.rm & NUMBER);
    }

    /** What is in a register, without the consequences of reading it. */
    private static long peek(Cpu cpu, int register) { return cpu.fpu.significand(register - cpu.fpu.top()); }

    /** A register by the r/m field, or 4 or 8 bytes of memory. */
    private static final class Source {
        final int register;
        private final int bytes;
        private final Address address;

        Source(int register) {
            this.register = register;
            bytes = 8;
            address = null;
        }

        Source(int bytes, Address address) {
            register = -1;
            this.bytes = bytes;
            this.address = address;
        }

        long load(Cpu cpu) {
            return register >= 0 ? peek(cpu, register) : cpu.mmu.load(address.linear(cpu, bytes, false), bytes);
        }
    }

    private static final class Empty extends Step {
        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            cpu.fpu.emptyMmx();
        }
    }

    /** All that compute a register from itself and another operand. */
    private static final class Combine extends Step {
        private final VectorOp op;
        private final int target;
        private final Source source;
        private final int immediate;

        Combine(VectorOp op, int target, Source source, int immediate) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.immediate = immediate;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            long b = source.load(cpu);
            cpu.fpu.mmx(target, combine(op, cpu.fpu.mmx(target), b, immediate));
        }

        private static long combine(VectorOp op, long a, long b, int immediate) {
            if (PackedOperations.isHalf(op)) {
                return PackedOperations.half(op, a, b);
            }
            if (PackedOperations.isPair(op)) {
                return PackedOperations.pair(op, a, b);
            }
            if (PackedOperations.isShift(op)) {
                return PackedOperations.shift(op, a, b);
            }
            return switch (op) {
                case MOVQ -> b;
                case PUNPCKLBW -> Shuffle.punpcklbw(a, b);
                case PUNPCKLWD -> Shuffle.punpcklwd(a, b);
                case PUNPCKLDQ -> Shuffle.punpckldq(a, b);
                case PUNPCKHBW -> Shuffle.punpckhbw(a, b);
                case PUNPCKHWD -> Shuffle.punpckhwd(a, b);
                case PUNPCKHDQ -> Shuffle.punpckhdq(a, b);
                case PSHUFW -> Shuffle.pshufw(b, immediate);
                case PSHUFB -> Shuffle.pshufb(a, b);
                case PALIGNR -> Shuffle.palignr(a, b, immediate);
                default -> throw new AssertionError(op + " has no MMX form");
            };
        }
    }

    private static final class ShiftConstant extends Step {
        private final VectorOp op;
        private final int target;
        private final int count;

        ShiftConstant(VectorOp op, int target, int count) {
            this.op = op;
            this.target = target;
            this.count = count;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            cpu.fpu.mmx(target, PackedOperations.shift(op, cpu.fpu.mmx(target), count));
        }
    }

    /** MOVD and MOVQ from a general register or memory. */
    private static final class Load extends Step {
        private final int target;
        private final Place source;
        private final long mask;

        Load(int target, Place source) {
            this.target = target;
            this.source = source;
            mask = -1L >>> source.shift();
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            cpu.fpu.mmx(target, source.load(cpu) & mask);
        }
    }

    /** MOVD, MOVQ and MOVNTQ to a general register or memory. A store that faults has moved the stack top already. */
    private static final class Store extends Step {
        private final Place target;
        private final int source;

        Store(Place target, int source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            int tags = cpu.fpu.abridgedTags();
            long value = cpu.fpu.mmx(source);
            cpu.fpu.abridgedTags(tags);
            target.store(cpu, target.locate(cpu, true), value);
            cpu.fpu.abridgedTags(ALL_VALID);
        }
    }

    private static final class MaskedStore extends Step {
        private final int data;
        private final int mask;
        private final MaskedAddress address;

        MaskedStore(Instruction i) {
            data = i.reg & NUMBER;
            mask = i.rm & NUMBER;
            address = new MaskedAddress(i);
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            long bits = cpu.fpu.mmx(mask);
            long value = cpu.fpu.mmx(data);
            long at = address.linear(cpu, 8);
            MaskedAddress.store(cpu, at, value, bits);
        }
    }

    /** MOVQ2DQ. */
    private static final class ToXmm extends Step {
        private final int target;
        private final int source;

        ToXmm(int target, int source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            MediaUnit.checkPending(cpu);
            cpu.xmm[target] = cpu.fpu.mmx(source);
            cpu.xmm[target + 1] = 0;
        }
    }

    /** MOVDQ2Q. */
    private static final class FromXmm extends Step {
        private final int target;
        private final int source;

        FromXmm(int target, int source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            MediaUnit.checkPending(cpu);
            cpu.fpu.mmx(target, cpu.xmm[source]);
        }
    }

    private static final class Insert extends Step {
        private final int target;
        private final Place source;
        private final int lane;

        Insert(int target, Place source, int lane) {
            this.target = target;
            this.source = source;
            this.lane = lane;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            int value = (int) source.load(cpu);
            cpu.fpu.mmx(target, Shuffle.pinsrw(cpu.fpu.mmx(target), value, lane));
        }
    }

    private static final class Extract extends Step {
        private final VectorOp op;
        private final Place target;
        private final int source;
        private final int lane;

        Extract(VectorOp op, Place target, int source, int lane) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.lane = lane;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkMmx(cpu);
            long value = cpu.fpu.mmx(source);
            target.store(cpu, 0, op == VectorOp.PEXTRW ? Shuffle.pextrw(value, lane) : Shuffle.pmovmskb(value));
        }
    }

    /** CVTPI2PS and CVTPI2PD. They leave the x87 unit alone when they load from memory. */
    private static final class ToFloat extends Step {
        private final boolean single;
        private final int target;
        private final Source source;

        ToFloat(VectorOp op, int target, Source source) {
            single = op == VectorOp.CVTPI2PS;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            boolean touches = source.register >= 0;
            if (touches) {
                MediaUnit.checkPending(cpu);
            }
            long value = source.load(cpu);
            if (touches) {
                cpu.fpu.mmx(0);
            }
            if (single) {
                long result = FloatConvert.cvtdq2ps(cpu.mxcsr, value);
                MediaUnit.settle(cpu);
                cpu.xmm[target] = result;
            } else {
                cpu.xmm[target] = FloatConvert.cvtsi2sd32((int) value);
                cpu.xmm[target + 1] = FloatConvert.cvtsi2sd32((int) (value >>> 32));
            }
        }
    }

    private static final class FromFloat extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;

        FromFloat(VectorOp op, int target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            MediaUnit.checkPending(cpu);
            long at = source.locate(cpu, false);
            long low = source.low(cpu, at);
            long high = source.high(cpu, at);
            cpu.fpu.mmx(target);
            Mxcsr m = cpu.mxcsr;
            long result = switch (op) {
                case CVTPS2PI -> FloatConvert.cvtps2dq(m, low);
                case CVTTPS2PI -> FloatConvert.cvttps2dq(m, low);
                case CVTPD2PI -> FloatConvert.cvtpd2dq(m, low, high);
                default -> FloatConvert.cvttpd2dq(m, low, high);
            };
            MediaUnit.settle(cpu);
            cpu.fpu.mmx(target, result);
        }
    }
}
