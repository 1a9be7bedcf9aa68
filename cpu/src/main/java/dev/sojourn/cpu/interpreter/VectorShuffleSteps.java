package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.vector.Pack;
import dev.sojourn.cpu.operation.vector.PackedMultiply;
import dev.sojourn.cpu.operation.vector.PackedShift;
import dev.sojourn.cpu.operation.vector.Shuffle;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;

/** Elements of XMM registers that change their places or their width: operations in which the halves meet. */
final class VectorShuffleSteps {
    private VectorShuffleSteps() {}

    static Step bind(Instruction i, long next) {
        int immediate = (int) i.immediate & 0xff;
        if (i.form.operands.getFirst() == Operand.U) {
            return new Rearrange(i.vector, 2 * i.rm, new VectorOperand(2 * i.rm), immediate);
        }
        VectorOperand source = VectorSteps.source(i, next);
        return switch (i.vector) {
            case PMOVSXBW, PMOVSXBD, PMOVSXBQ, PMOVSXWD, PMOVSXWQ, PMOVSXDQ, PMOVZXBW, PMOVZXBD, PMOVZXBQ, PMOVZXWD,
                 PMOVZXWQ, PMOVZXDQ -> new Widen(i.vector, 2 * i.reg, source);
            case PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ, PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ ->
                new Unpack(i.vector, 2 * i.reg, source);
            case PSHUFD -> new ShuffleDwords(2 * i.reg, source, immediate);
            case PUNPCKLQDQ -> new UnpackLow(2 * i.reg, source);
            default -> new Rearrange(i.vector, 2 * i.reg, source, immediate);
        };
    }

    private static final class ShuffleDwords extends Step {
        private final int target;
        private final VectorOperand source;
        private final int order;

        ShuffleDwords(int target, VectorOperand source, int order) {
            this.target = target;
            this.source = source;
            this.order = order;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            long low = source.low(cpu, at);
            long high = source.high(cpu, at);
            cpu.xmm[target] = Shuffle.pshufdLow(low, high, order);
            cpu.xmm[target + 1] = Shuffle.pshufdHigh(low, high, order);
        }
    }

    /** PUNPCKLQDQ. */
    private static final class UnpackLow extends Step {
        private final int target;
        private final VectorOperand source;

        UnpackLow(int target, VectorOperand source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            cpu.xmm[target + 1] = source.low(cpu, at);
        }
    }

    private static final class Unpack extends Step {
        private final VectorOp op;
        private final int target;
        /** Which half is spread over both: 0 or 1. */
        private final int half;
        private final VectorOperand source;

        Unpack(VectorOp op, int target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
            half = switch (op) {
                case PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ -> 1;
                default -> 0;
            };
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            long low = source.low(cpu, at);
            long b = half == 0 ? low : source.high(cpu, at);
            long[] xmm = cpu.xmm;
            long a = xmm[target + half];
            switch (op) {
                case PUNPCKLBW, PUNPCKHBW -> {
                    xmm[target] = Shuffle.punpcklbw(a, b);
                    xmm[target + 1] = Shuffle.punpckhbw(a, b);
                }
                case PUNPCKLWD, PUNPCKHWD -> {
                    xmm[target] = Shuffle.punpcklwd(a, b);
                    xmm[target + 1] = Shuffle.punpckhwd(a, b);
                }
                default -> {
                    xmm[target] = Shuffle.punpckldq(a, b);
                    xmm[target + 1] = Shuffle.punpckhdq(a, b);
                }
            }
        }
    }

    /** PMOVSX and PMOVZX. */
    private static final class Widen extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;
        /** How much of the source one half of the result takes, in bits. */
        private final int shift;

        Widen(VectorOp op, int target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
            shift = 4 * source.bytes;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long b = source.low(cpu, source.locate(cpu, false));
            cpu.xmm[target] = widen(op, b);
            cpu.xmm[target + 1] = widen(op, b >>> shift);
        }

        private static long widen(VectorOp op, long b) {
            return switch (op) {
                case PMOVSXBW -> Pack.pmovsxbw(b);
                case PMOVSXBD -> Pack.pmovsxbd(b);
                case PMOVSXBQ -> Pack.pmovsxbq(b);
                case PMOVSXWD -> Pack.pmovsxwd(b);
                case PMOVSXWQ -> Pack.pmovsxwq(b);
                case PMOVSXDQ -> Pack.pmovsxdq(b);
                case PMOVZXBW -> Pack.pmovzxbw(b);
                case PMOVZXBD -> Pack.pmovzxbd(b);
                case PMOVZXBQ -> Pack.pmovzxbq(b);
                case PMOVZXWD -> Pack.pmovzxwd(b);
                case PMOVZXWQ -> Pack.pmovzxwq(b);
                default -> Pack.pmovzxdq(b);
            };
        }
    }

    /** All others, by an immediate, by XMM0, or as they are. */
    private static final class Rearrange extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;
        private final int immediate;

        Rearrange(VectorOp op, int target, VectorOperand source, int immediate) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.immediate = immediate;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            long bLow = source.low(cpu, at);
            long bHigh = source.high(cpu, at);
            long[] xmm = cpu.xmm;
            long aLow = xmm[target];
            long aHigh = xmm[target + 1];
            long low = low(xmm, aLow, aHigh, bLow, bHigh);
            xmm[target + 1] = high(xmm, aLow, aHigh, bLow, bHigh);
            xmm[target] = low;
        }

        private long low(long[] xmm, long aLow, long aHigh, long bLow, long bHigh) {
            return switch (op) {
                case PUNPCKHQDQ -> aHigh;
                case PSHUFLW -> Shuffle.pshufw(bLow, immediate);
                case PSHUFHW -> bLow;
                case SHUFPS -> Shuffle.shufpsLow(aLow, aHigh, immediate);
                case SHUFPD -> Shuffle.shufpdLow(aLow, aHigh, immediate);
                case PSHUFB -> Shuffle.pshufb(aLow, aHigh, bLow);
                case PALIGNR -> Shuffle.palignrLow(aLow, aHigh, bLow, bHigh, immediate);
                case PBLENDW -> Shuffle.pblendw(aLow, bLow, immediate);
                case BLENDPS -> Shuffle.blendps(aLow, bLow, immediate);
                case BLENDPD -> Shuffle.blendpd(aLow, bLow, immediate);
                case PBLENDVB -> Shuffle.pblendvb(aLow, bLow, xmm[0]);
                case BLENDVPS -> Shuffle.blendvps(aLow, bLow, xmm[0]);
                case BLENDVPD -> Shuffle.blendvpd(aLow, bLow, xmm[0]);
                case PSLLDQ -> PackedShift.pslldqLow(aLow, immediate);
                case PSRLDQ -> PackedShift.psrldqLow(aLow, aHigh, immediate);
                case MPSADBW -> PackedMultiply.mpsadbwLow(aLow, aHigh, bLow, bHigh, immediate);
                case PHMINPOSUW -> PackedMultiply.phminposuw(bLow, bHigh);
                case MOVSLDUP -> Shuffle.punpckldq(bLow, bLow);
                case MOVSHDUP -> Shuffle.punpckhdq(bLow, bLow);
                case MOVDDUP -> bLow;
                case INSERTPS -> Shuffle.insertpsLow(aLow, inserted(bLow, bHigh), immediate);
                default -> throw new AssertionError(op + " is no rearrangement");
            };
        }

        private long high(long[] xmm, long aLow, long aHigh, long bLow, long bHigh) {
            return switch (op) {
                case PUNPCKHQDQ -> bHigh;
                case PSHUFLW -> bHigh;
                case PSHUFHW -> Shuffle.pshufw(bHigh, immediate);
                case SHUFPS -> Shuffle.shufpsHigh(bLow, bHigh, immediate);
                case SHUFPD -> Shuffle.shufpdHigh(bLow, bHigh, immediate);
                case PSHUFB -> Shuffle.pshufb(aLow, aHigh, bHigh);
                case PALIGNR -> Shuffle.palignrHigh(aLow, aHigh, bHigh, immediate);
                case PBLENDW -> Shuffle.pblendw(aHigh, bHigh, immediate >> 4);
                case BLENDPS -> Shuffle.blendps(aHigh, bHigh, immediate >> 2);
                case BLENDPD -> Shuffle.blendpd(aHigh, bHigh, immediate >> 1);
                case PBLENDVB -> Shuffle.pblendvb(aHigh, bHigh, xmm[1]);
                case BLENDVPS -> Shuffle.blendvps(aHigh, bHigh, xmm[1]);
                case BLENDVPD -> Shuffle.blendvpd(aHigh, bHigh, xmm[1]);
                case PSLLDQ -> PackedShift.pslldqHigh(aLow, aHigh, immediate);
                case PSRLDQ -> PackedShift.psrldqHigh(aHigh, immediate);
                case MPSADBW -> PackedMultiply.mpsadbwHigh(aLow, aHigh, bLow, bHigh, immediate);
                case PHMINPOSUW -> 0;
                case MOVSLDUP -> Shuffle.punpckldq(bHigh, bHigh);
                case MOVSHDUP -> Shuffle.punpckhdq(bHigh, bHigh);
                case MOVDDUP -> bLow;
                default -> Shuffle.insertpsHigh(aHigh, inserted(bLow, bHigh), immediate);
            };
        }

        /** Memory has but one element to choose from. */
        private int inserted(long bLow, long bHigh) {
            return source.isMemory() ? (int) bLow : Shuffle.pextrd(bLow, bHigh, immediate >> 6);
        }
    }
}
