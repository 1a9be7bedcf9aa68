package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.vector.FloatConvert;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.VectorOp;

/** Conversions between the number formats, all but those of MMX registers. */
final class ConvertSteps {
    private static final long LOW = 0xffff_ffffL;

    private ConvertSteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.vector) {
            case CVTSI2SS, CVTSI2SD -> new FromInteger(i.vector, 2 * i.reg, Place.of(i, i.form.operands.get(1), next));
            case CVTSS2SI, CVTTSS2SI, CVTSD2SI, CVTTSD2SI ->
                new ToInteger(i.vector, Place.of(i, i.form.operands.getFirst(), next), VectorSteps.source(i, next));
            case CVTSS2SD, CVTSD2SS ->
                new Scalar(i.vector == VectorOp.CVTSS2SD, 2 * i.reg, VectorSteps.source(i, next));
            default -> new Packed(i.vector, 2 * i.reg, VectorSteps.source(i, next));
        };
    }

    private static final class FromInteger extends Step {
        private final boolean single;
        private final int target;
        private final Place source;

        FromInteger(VectorOp op, int target, Place source) {
            single = op == VectorOp.CVTSI2SS;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long value = source.load(cpu);
            Mxcsr m = cpu.mxcsr;
            boolean quad = source.bytes == 8;
            if (single) {
                int result = quad ? FloatConvert.cvtsi2ss64(m, value) : FloatConvert.cvtsi2ss32(m, (int) value);
                MediaUnit.settle(cpu);
                cpu.xmm[target] = cpu.xmm[target] & ~LOW | result & LOW;
            } else {
                long result = quad ? FloatConvert.cvtsi2sd64(m, value) : FloatConvert.cvtsi2sd32((int) value);
                MediaUnit.settle(cpu);
                cpu.xmm[target] = result;
            }
        }
    }

    private static final class ToInteger extends Step {
        private final VectorOp op;
        private final Place target;
        private final VectorOperand source;

        ToInteger(VectorOp op, Place target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long bits = source.low(cpu, source.locate(cpu, false));
            Mxcsr m = cpu.mxcsr;
            boolean quad = target.bytes == 8;
            long result = switch (op) {
                case CVTSS2SI -> quad ? FloatConvert.cvtss2si64(m, (int) bits) : FloatConvert.cvtss2si32(m, (int) bits);
                case CVTTSS2SI ->
                    quad ? FloatConvert.cvttss2si64(m, (int) bits) : FloatConvert.cvttss2si32(m, (int) bits);
                case CVTSD2SI -> quad ? FloatConvert.cvtsd2si64(m, bits) : FloatConvert.cvtsd2si32(m, bits);
                default -> quad ? FloatConvert.cvttsd2si64(m, bits) : FloatConvert.cvttsd2si32(m, bits);
            };
            MediaUnit.settle(cpu);
            target.store(cpu, 0, result);
        }
    }

    /** CVTSS2SD and CVTSD2SS. */
    private static final class Scalar extends Step {
        private final boolean widens;
        private final int target;
        private final VectorOperand source;

        Scalar(boolean widens, int target, VectorOperand source) {
            this.widens = widens;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long b = source.low(cpu, source.locate(cpu, false));
            long result = widens ? FloatConvert.cvtss2sd(cpu.mxcsr, (int) b)
                    : cpu.xmm[target] & ~LOW | FloatConvert.cvtsd2ss(cpu.mxcsr, b) & LOW;
            MediaUnit.settle(cpu);
            cpu.xmm[target] = result;
        }
    }

    private static final class Packed extends Step {
        private final VectorOp op;
        private final int target;
        private final VectorOperand source;

        Packed(VectorOp op, int target, VectorOperand source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = source.locate(cpu, false);
            long bLow = source.low(cpu, at);
            long bHigh = source.high(cpu, at);
            long low = low(cpu.mxcsr, bLow, bHigh);
            long high = high(cpu.mxcsr, bLow, bHigh);
            MediaUnit.settle(cpu);
            cpu.xmm[target] = low;
            cpu.xmm[target + 1] = high;
        }

        private long low(Mxcsr m, long low, long high) {
            return switch (op) {
                case CVTPS2PD -> FloatConvert.cvtss2sd(m, (int) low);
                case CVTPD2PS -> FloatConvert.cvtpd2ps(m, low, high);
                case CVTDQ2PD -> FloatConvert.cvtsi2sd32((int) low);
                case CVTPD2DQ -> FloatConvert.cvtpd2dq(m, low, high);
                case CVTTPD2DQ -> FloatConvert.cvttpd2dq(m, low, high);
                default -> half(m, low);
            };
        }

        private long high(Mxcsr m, long low, long high) {
            return switch (op) {
                case CVTPS2PD -> FloatConvert.cvtss2sd(m, (int) (low >>> 32));
                case CVTDQ2PD -> FloatConvert.cvtsi2sd32((int) (low >>> 32));
                case CVTPD2PS, CVTPD2DQ, CVTTPD2DQ -> 0;
                default -> half(m, high);
            };
        }

        private long half(Mxcsr m, long half) {
            return switch (op) {
                case CVTDQ2PS -> FloatConvert.cvtdq2ps(m, half);
                case CVTPS2DQ -> FloatConvert.cvtps2dq(m, half);
                default -> FloatConvert.cvttps2dq(m, half);
            };
        }
    }
}
