package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;

/** MMX and SSE: chooses the step, and runs the packed integer operations of XMM registers. */
final class VectorSteps {
    private VectorSteps() {}

    static Step bind(Instruction i, long next) {
        VectorOp op = i.vector;
        if (isMmx(i)) {
            return MmxSteps.bind(i, next);
        }
        if (op.compareTo(VectorOp.EMMS) <= 0) {
            return VectorMoveSteps.bind(i, next);
        }
        if (PackedOperations.isHalf(op)) {
            Step hot = PackedHotSteps.bind(i, next);
            return hot != null ? hot : new Halves(op, 2 * i.reg, source(i, next));
        }
        if (PackedOperations.isPair(op)) {
            return new Pairs(op, 2 * i.reg, source(i, next));
        }
        if (PackedOperations.isShift(op)) {
            return i.form.operands.getFirst() == Operand.U ? new ShiftConstant(op, 2 * i.rm, i.immediate)
                    : new Shift(op, 2 * i.reg, source(i, next));
        }
        if (op.compareTo(VectorOp.PHMINPOSUW) <= 0) {
            return VectorShuffleSteps.bind(i, next);
        }
        if (op.compareTo(VectorOp.PCMPISTRI) <= 0) {
            return VectorTransferSteps.bind(i, next);
        }
        return op.compareTo(VectorOp.ROUNDSD) <= 0 ? FloatSteps.bind(i, next) : ConvertSteps.bind(i, next);
    }

    /** The second operand of V, W and the like. */
    static VectorOperand source(Instruction i, long next) { return new VectorOperand(i, i.form.operands.get(1), next); }

    private static boolean isMmx(Instruction i) {
        for (Operand operand : i.form.operands) {
            switch (operand.kind) {
                case MMX, MMX_RM, MMX_RM_REGISTER -> {
                    return true;
                }
                default -> {}
            }
        }
        return i.vector == VectorOp.EMMS;
    }

    private static final class Halves extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;

        Halves(VectorOp op, int target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            long low = source.low(cpu, at);
            long high = source.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[target] = PackedOperations.half(op, xmm[target], low);
            xmm[target + 1] = PackedOperations.half(op, xmm[target + 1], high);
        }
    }

    private static final class Pairs extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;

        Pairs(VectorOp op, int target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            long low = source.low(cpu, at);
            long high = source.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[target] = PackedOperations.pair(op, xmm[target], xmm[target + 1]);
            xmm[target + 1] = PackedOperations.pair(op, low, high);
        }
    }

    private static final class Shift extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand count;

        Shift(VectorOp op, int target, VectorOperand count) {
            this.op = op;
            this.target = target;
            this.count = count;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = count.locate(cpu, false);
            long low = count.low(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[target] = PackedOperations.shift(op, xmm[target], low);
            xmm[target + 1] = PackedOperations.shift(op, xmm[target + 1], low);
        }
    }

    private static final class ShiftConstant extends Step {
        private final VectorOp op;
        private final int target;
        private final long count;

        ShiftConstant(VectorOp op, int target, long count) {
            this.op = op;
            this.target = target;
            this.count = count;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long[] xmm = cpu.xmm;
            xmm[target] = PackedOperations.shift(op, xmm[target], count);
            xmm[target + 1] = PackedOperations.shift(op, xmm[target + 1], count);
        }
    }
}
