package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.vector.FloatArithmetic;
import dev.sojourn.cpu.operation.vector.FloatCompare;
import dev.sojourn.cpu.operation.vector.FloatConvert;
import dev.sojourn.cpu.operation.vector.FloatDotProduct;
import dev.sojourn.cpu.operation.vector.FloatEstimate;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.VectorOp;

/** Floating-point arithmetic and comparison in XMM registers. */
final class FloatSteps {
    private static final long LOW = 0xffff_ffffL;
    private static final int PREDICATE = 7;

    private FloatSteps() {}

    static Step bind(Instruction i, long next) {
        VectorOp op = i.vector;
        int target = 2 * i.reg;
        VectorOperand source = VectorSteps.source(i, next);
        boolean compares = switch (op) {
            case CMPPS, CMPPD, CMPSS, CMPSD -> true;
            default -> false;
        };
        int immediate = (int) i.immediate & (compares ? PREDICATE : 0xff);
        if (op.compareTo(VectorOp.ADDSD) >= 0) {
            return new ScalarDouble(op, target, source, immediate);
        }
        if (op.compareTo(VectorOp.ADDSS) >= 0) {
            return new ScalarSingle(op, target, source, immediate);
        }
        return switch (op) {
            case HADDPS, HSUBPS, DPPS, ADDSUBPD, HADDPD, HSUBPD, DPPD -> new Across(op, target, source, immediate);
            default -> new Packed(op, target, source, immediate);
        };
    }

    private static final class ScalarDouble extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;
        private final int immediate;

        ScalarDouble(VectorOp op, int target, VectorOperand source, int immediate) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.immediate = immediate;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long b = source.low(cpu, source.locate(cpu, false));
            long result = calculate(cpu.mxcsr, cpu.xmm[target], b);
            MediaUnit.settle(cpu);
            cpu.xmm[target] = result;
        }

        private long calculate(Mxcsr m, long a, long b) {
            return switch (op) {
                case ADDSD -> FloatArithmetic.addsd(m, a, b);
                case SUBSD -> FloatArithmetic.subsd(m, a, b);
                case MULSD -> FloatArithmetic.mulsd(m, a, b);
                case DIVSD -> FloatArithmetic.divsd(m, a, b);
                case MINSD -> FloatArithmetic.minsd(m, a, b);
                case MAXSD -> FloatArithmetic.maxsd(m, a, b);
                case SQRTSD -> FloatArithmetic.sqrtsd(m, b);
                case CMPSD -> FloatCompare.cmpsd(m, a, b, immediate);
                default -> FloatConvert.roundsd(m, b, immediate);
            };
        }
    }

    private static final class ScalarSingle extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;
        private final int immediate;

        ScalarSingle(VectorOp op, int target, VectorOperand source, int immediate) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.immediate = immediate;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            int b = (int) source.low(cpu, source.locate(cpu, false));
            int result = calculate(cpu.mxcsr, (int) cpu.xmm[target], b);
            MediaUnit.settle(cpu);
            cpu.xmm[target] = cpu.xmm[target] & ~LOW | result & LOW;
        }

        private int calculate(Mxcsr m, int a, int b) {
            return switch (op) {
                case ADDSS -> FloatArithmetic.addss(m, a, b);
                case SUBSS -> FloatArithmetic.subss(m, a, b);
                case MULSS -> FloatArithmetic.mulss(m, a, b);
                case DIVSS -> FloatArithmetic.divss(m, a, b);
                case MINSS -> FloatArithmetic.minss(m, a, b);
                case MAXSS -> FloatArithmetic.maxss(m, a, b);
                case SQRTSS -> FloatArithmetic.sqrtss(m, b);
                case RSQRTSS -> FloatEstimate.rsqrtss(b);
                case RCPSS -> FloatEstimate.rcpss(b);
                case CMPSS -> FloatCompare.cmpss(m, a, b, immediate);
                default -> FloatConvert.roundss(m, b, immediate);
            };
        }
    }

    /** Each half by itself: two singles, or a double. */
    private static final class Packed extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;
        private final int immediate;

        Packed(VectorOp op, int target, VectorOperand source, int immediate) {
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
            long low = calculate(cpu.mxcsr, cpu.xmm[target], bLow);
            long high = calculate(cpu.mxcsr, cpu.xmm[target + 1], bHigh);
            MediaUnit.settle(cpu);
            cpu.xmm[target] = low;
            cpu.xmm[target + 1] = high;
        }

        private long calculate(Mxcsr m, long a, long b) {
            return switch (op) {
                case ADDPS -> FloatArithmetic.addps(m, a, b);
                case SUBPS -> FloatArithmetic.subps(m, a, b);
                case MULPS -> FloatArithmetic.mulps(m, a, b);
                case DIVPS -> FloatArithmetic.divps(m, a, b);
                case MINPS -> FloatArithmetic.minps(m, a, b);
                case MAXPS -> FloatArithmetic.maxps(m, a, b);
                case SQRTPS -> FloatArithmetic.sqrtps(m, b);
                case RSQRTPS -> FloatEstimate.rsqrtps(b);
                case RCPPS -> FloatEstimate.rcpps(b);
                case CMPPS -> FloatCompare.cmpps(m, a, b, immediate);
                case ROUNDPS -> FloatConvert.roundps(m, b, immediate);
                case ADDSUBPS -> FloatArithmetic.addsubps(m, a, b);
                case ADDPD -> FloatArithmetic.addsd(m, a, b);
                case SUBPD -> FloatArithmetic.subsd(m, a, b);
                case MULPD -> FloatArithmetic.mulsd(m, a, b);
                case DIVPD -> FloatArithmetic.divsd(m, a, b);
                case MINPD -> FloatArithmetic.minsd(m, a, b);
                case MAXPD -> FloatArithmetic.maxsd(m, a, b);
                case SQRTPD -> FloatArithmetic.sqrtsd(m, b);
                case CMPPD -> FloatCompare.cmpsd(m, a, b, immediate);
                default -> FloatConvert.roundsd(m, b, immediate);
            };
        }
    }

    /** The halves meet, or differ in what is done. */
    private static final class Across extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;
        private final int immediate;

        Across(VectorOp op, int target, VectorOperand source, int immediate) {
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
            long aLow = cpu.xmm[target];
            long aHigh = cpu.xmm[target + 1];
            long low = low(cpu.mxcsr, aLow, aHigh, bLow, bHigh);
            long high = high(cpu.mxcsr, aLow, aHigh, bLow, bHigh);
            MediaUnit.settle(cpu);
            cpu.xmm[target] = low;
            cpu.xmm[target + 1] = high;
        }

        private long low(Mxcsr m, long aLow, long aHigh, long bLow, long bHigh) {
            return switch (op) {
                case HADDPS -> FloatArithmetic.haddps(m, aLow, aHigh);
                case HSUBPS -> FloatArithmetic.hsubps(m, aLow, aHigh);
                case HADDPD -> FloatArithmetic.addsd(m, aLow, aHigh);
                case HSUBPD -> FloatArithmetic.subsd(m, aLow, aHigh);
                case ADDSUBPD -> FloatArithmetic.subsd(m, aLow, bLow);
                case DPPS -> FloatDotProduct.dppsLow(m, aLow, aHigh, bLow, bHigh, immediate);
                default -> FloatDotProduct.dppdLow(m, aLow, aHigh, bLow, bHigh, immediate);
            };
        }

        private long high(Mxcsr m, long aLow, long aHigh, long bLow, long bHigh) {
            return switch (op) {
                case HADDPS -> FloatArithmetic.haddps(m, bLow, bHigh);
                case HSUBPS -> FloatArithmetic.hsubps(m, bLow, bHigh);
                case HADDPD -> FloatArithmetic.addsd(m, bLow, bHigh);
                case HSUBPD -> FloatArithmetic.subsd(m, bLow, bHigh);
                case ADDSUBPD -> FloatArithmetic.addsd(m, aHigh, bHigh);
                case DPPS -> FloatDotProduct.dppsHigh(m, aLow, aHigh, bLow, bHigh, immediate);
                default -> FloatDotProduct.dppdHigh(m, aLow, aHigh, bLow, bHigh, immediate);
            };
        }
    }
}
