package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.vector.FloatCompare;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.cpu.operation.vector.PackedCompare;
import dev.sojourn.cpu.operation.vector.Shuffle;
import dev.sojourn.cpu.operation.vector.StringCompare;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;

/** Between XMM registers and general registers or flags: extractions, insertions, masks, tests, strings. */
final class VectorTransferSteps {
    private VectorTransferSteps() {}

    static Step bind(Instruction i, long next) {
        int immediate = (int) i.immediate & 0xff;
        return switch (i.vector) {
            case PINSRB, PINSRW, PINSRD ->
                new Insert(i.vector, 2 * i.reg, Place.of(i, i.form.operands.get(1), next), immediate);
            case PEXTRB, PEXTRD, EXTRACTPS, PEXTRW -> extract(i, immediate, next);
            case PMOVMSKB, MOVMSKPS, MOVMSKPD ->
                new Extract(i.vector, Place.of(i, i.form.operands.getFirst(), next), 2 * i.rm, immediate);
            case PTEST, COMISS, COMISD, UCOMISS, UCOMISD -> new Test(i.vector, 2 * i.reg, VectorSteps.source(i, next));
            default -> new Strings(i, VectorSteps.source(i, next), immediate);
        };
    }

    /** PEXTRW has a form with the register the other way round. */
    private static Step extract(Instruction i, int immediate, long next) {
        boolean byRm = i.form.operands.get(1) == Operand.U;
        int source = 2 * (byRm ? i.rm : i.reg);
        return new Extract(i.vector, Place.of(i, i.form.operands.getFirst(), next), source, immediate);
    }

    private static final class Insert extends Step {
        private final VectorOp op;
        private final int target;
        private final Place source;
        private final int lane;

        Insert(VectorOp op, int target, Place source, int lane) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.lane = lane;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long value = source.load(cpu);
            long[] xmm = cpu.xmm;
            long low = xmm[target];
            long high = xmm[target + 1];
            switch (op) {
                case PINSRB -> {
                    xmm[target] = Shuffle.pinsrbLow(low, (int) value, lane);
                    xmm[target + 1] = Shuffle.pinsrbHigh(high, (int) value, lane);
                }
                case PINSRW -> {
                    xmm[target] = Shuffle.pinsrwLow(low, (int) value, lane);
                    xmm[target + 1] = Shuffle.pinsrwHigh(high, (int) value, lane);
                }
                default -> {
                    boolean quad = source.bytes == 8;
                    xmm[target] = quad ? Shuffle.pinsrqLow(low, value, lane)
                            : Shuffle.pinsrdLow(low, (int) value, lane);
                    xmm[target + 1] = quad ? Shuffle.pinsrqHigh(high, value, lane)
                            : Shuffle.pinsrdHigh(high, (int) value, lane);
                }
            }
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
            cpu.checkSse();
            long low = cpu.xmm[source];
            long high = cpu.xmm[source + 1];
            target.store(cpu, target.locate(cpu, true), switch (op) {
                case PMOVMSKB -> Shuffle.pmovmskb(low) | Shuffle.pmovmskb(high) << 8;
                case MOVMSKPS -> Shuffle.movmskps(low, high);
                case MOVMSKPD -> Shuffle.movmskpd(low, high);
                case PEXTRB -> Shuffle.pextrb(low, high, lane);
                case PEXTRW -> Shuffle.pextrw(low, high, lane);
                default -> target.bytes == 8 ? Shuffle.pextrq(low, high, lane) : Shuffle.pextrd(low, high, lane);
            });
        }
    }

    /** Only flags come of it. */
    private static final class Test extends Step {
        private final VectorOp op;
        private final int first;
        private final VectorOperand second;

        Test(VectorOp op, int first, VectorOperand second) {
            this.op = op;
            this.first = first;
            this.second = second;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = second.locate(cpu, false);
            long b = second.low(cpu, at);
            long a = cpu.xmm[first];
            Mxcsr m = cpu.mxcsr;
            int flags = switch (op) {
                case PTEST -> PackedCompare.ptest(a, cpu.xmm[first + 1], b, second.high(cpu, at));
                case COMISS -> FloatCompare.comiss(m, (int) a, (int) b);
                case COMISD -> FloatCompare.comisd(m, a, b);
                case UCOMISS -> FloatCompare.ucomiss(m, (int) a, (int) b);
                default -> FloatCompare.ucomisd(m, a, b);
            };
            MediaUnit.settle(cpu);
            cpu.flags.set(flags);
        }
    }

    /** PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM. */
    private static final class Strings extends Step {
        private final int first;
        private final VectorOperand second;
        private final int control;
        private final boolean explicit;
        private final boolean mask;
        /** Cuts a length register that is 32 bits wide. */
        private final int shift;

        Strings(Instruction i, VectorOperand second, int control) {
            first = 2 * i.reg;
            this.second = second;
            this.control = control;
            explicit = i.vector == VectorOp.PCMPESTRI || i.vector == VectorOp.PCMPESTRM;
            mask = i.vector == VectorOp.PCMPESTRM || i.vector == VectorOp.PCMPISTRM;
            shift = i.operandBytes == 8 ? 0 : 32;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = second.locate(cpu, false);
            long bLow = second.low(cpu, at);
            long bHigh = second.high(cpu, at);
            long aLow = cpu.xmm[first];
            long aHigh = cpu.xmm[first + 1];
            int aLength = explicit ? length(cpu.r[Cpu.RAX]) : StringCompare.implicitLength(aLow, aHigh, control);
            int bLength = explicit ? length(cpu.r[Cpu.RDX]) : StringCompare.implicitLength(bLow, bHigh, control);
            int result = StringCompare.compare(aLow, aHigh, aLength, bLow, bHigh, bLength, control);
            cpu.flags.set(StringCompare.flags(result, aLength, bLength, control));
            if (mask) {
                cpu.xmm[0] = StringCompare.maskLow(result, control);
                cpu.xmm[1] = StringCompare.maskHigh(result, control);
            } else {
                cpu.r[Cpu.RCX] = StringCompare.index(result, control);
            }
        }

        private int length(long register) { return StringCompare.explicitLength(register << shift >> shift, control); }
    }
}
