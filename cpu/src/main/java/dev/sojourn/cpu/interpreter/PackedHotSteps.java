package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.vector.PackedAdd;
import dev.sojourn.cpu.operation.vector.PackedCompare;
import dev.sojourn.isa.Instruction;

/** The packed operations that string functions and copies consist of, each without a choice at run time. */
final class PackedHotSteps {
    private PackedHotSteps() {}

    /** @return null if the instruction is none of them */
    static Step bind(Instruction i, long next) {
        int a = 2 * i.reg;
        VectorOperand b = VectorSteps.source(i, next);
        return switch (i.vector) {
            case PXOR -> b.register == a ? new Zero(a) : new Xor(a, b);
            case POR -> new Or(a, b);
            case PAND -> new And(a, b);
            case PCMPEQB -> new EqualBytes(a, b);
            case PMINUB -> new LeastBytes(a, b);
            case PSUBB -> new SubtractBytes(a, b);
            case PADDD -> new AddDwords(a, b);
            case PADDQ -> new AddQwords(a, b);
            default -> null;
        };
    }

    private static final class Zero extends Step {
        private final int a;

        Zero(int a) { this.a = a; }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[a] = 0;
            cpu.xmm[a + 1] = 0;
        }
    }

    private static final class Xor extends Step {
        private final int a;
        private final VectorOperand b;

        Xor(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = xmm[a] ^ low;
            xmm[a + 1] = xmm[a + 1] ^ high;
        }
    }

    private static final class Or extends Step {
        private final int a;
        private final VectorOperand b;

        Or(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = xmm[a] | low;
            xmm[a + 1] = xmm[a + 1] | high;
        }
    }

    private static final class And extends Step {
        private final int a;
        private final VectorOperand b;

        And(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = xmm[a] & low;
            xmm[a + 1] = xmm[a + 1] & high;
        }
    }

    private static final class EqualBytes extends Step {
        private final int a;
        private final VectorOperand b;

        EqualBytes(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = PackedCompare.pcmpeqb(xmm[a], low);
            xmm[a + 1] = PackedCompare.pcmpeqb(xmm[a + 1], high);
        }
    }

    private static final class LeastBytes extends Step {
        private final int a;
        private final VectorOperand b;

        LeastBytes(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = PackedCompare.pminub(xmm[a], low);
            xmm[a + 1] = PackedCompare.pminub(xmm[a + 1], high);
        }
    }

    private static final class SubtractBytes extends Step {
        private final int a;
        private final VectorOperand b;

        SubtractBytes(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = PackedAdd.psubb(xmm[a], low);
            xmm[a + 1] = PackedAdd.psubb(xmm[a + 1], high);
        }
    }

    private static final class AddDwords extends Step {
        private final int a;
        private final VectorOperand b;

        AddDwords(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = PackedAdd.paddd(xmm[a], low);
            xmm[a + 1] = PackedAdd.paddd(xmm[a + 1], high);
        }
    }

    private static final class AddQwords extends Step {
        private final int a;
        private final VectorOperand b;

        AddQwords(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            long high = b.high(cpu, at);
            long[] xmm = cpu.xmm;
            xmm[a] = xmm[a] + low;
            xmm[a + 1] = xmm[a + 1] + high;
        }
    }
}
