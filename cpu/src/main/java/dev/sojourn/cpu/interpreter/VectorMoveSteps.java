package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;

/** Moves of XMM registers. A non-temporal move is a move. */
final class VectorMoveSteps {
    private static final long LOW = 0xffff_ffffL;

    private VectorMoveSteps() {}

    static Step bind(Instruction i, long next) {
        boolean load = i.form.operands.getFirst() == Operand.V;
        return switch (i.vector) {
            case MASKMOVDQU -> new MaskedStore(i);
            case MOVD -> moveGeneral(i, load, next);
            case MOVHLPS -> new HalfToHalf(2 * i.reg, 2 * i.rm + 1);
            case MOVLHPS -> new HalfToHalf(2 * i.reg + 1, 2 * i.rm);
            case MOVSLDUP, MOVSHDUP, MOVDDUP -> VectorShuffleSteps.bind(i, next);
            default -> load ? load(i, next) : store(i, next);
        };
    }

    private static Step moveGeneral(Instruction i, boolean load, long next) {
        return load ? new FromGeneral(2 * i.reg, Place.of(i, i.form.operands.get(1), next))
                : new ToGeneral(Place.of(i, i.form.operands.getFirst(), next), 2 * i.reg);
    }

    private static Step load(Instruction i, long next) {
        VectorOperand source = VectorSteps.source(i, next);
        int target = 2 * i.reg;
        return switch (i.vector) {
            case MOVSS -> source.isMemory() ? new LoadLow(target, source) : new MergeLow(target, source.register);
            case MOVSD -> source.isMemory() ? new LoadLow(target, source) : new HalfToHalf(target, source.register);
            case MOVQ -> new LoadLow(target, source);
            case MOVLPS -> new LoadHalf(target, source);
            case MOVHPS -> new LoadHalf(target + 1, source);
            default -> source.isMemory() ? new Load(target, source) : new Copy(target, source.register);
        };
    }

    private static Step store(Instruction i, long next) {
        VectorOperand target = new VectorOperand(i, i.form.operands.getFirst(), next);
        int source = 2 * i.reg;
        return switch (i.vector) {
            case MOVSS -> target.isMemory() ? new StoreDword(target, source) : new MergeLow(target.register, source);
            case MOVSD, MOVLPS ->
                target.isMemory() ? new StoreHalf(target, source) : new HalfToHalf(target.register, source);
            case MOVQ -> target.isMemory() ? new StoreHalf(target, source)
                    : new LoadLow(target.register, new VectorOperand(source));
            case MOVHPS -> new StoreHalf(target, source + 1);
            default -> target.isMemory() ? new Store(target, source) : new Copy(target.register, source);
        };
    }

    private static final class Copy extends Step {
        private final int a;
        private final int b;

        Copy(int a, int b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[a] = cpu.xmm[b];
            cpu.xmm[a + 1] = cpu.xmm[b + 1];
        }
    }

    private static final class Load extends Step {
        private final int a;
        private final VectorOperand b;

        Load(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long at = b.locate(cpu, false);
            long low = b.low(cpu, at);
            cpu.xmm[a + 1] = b.high(cpu, at);
            cpu.xmm[a] = low;
        }
    }

    private static final class Store extends Step {
        private final VectorOperand a;
        private final int b;

        Store(VectorOperand a, int b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            a.store(cpu, a.locate(cpu, true), cpu.xmm[b], cpu.xmm[b + 1]);
        }
    }

    /** The low element; the rest becomes zero. */
    private static final class LoadLow extends Step {
        private final int a;
        private final VectorOperand b;

        LoadLow(int a, VectorOperand b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[a] = b.low(cpu, b.locate(cpu, false));
            cpu.xmm[a + 1] = 0;
        }
    }

    /** One half from memory; the other keeps its value. */
    private static final class LoadHalf extends Step {
        private final int half;
        private final VectorOperand b;

        LoadHalf(int half, VectorOperand b) {
            this.half = half;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[half] = b.low(cpu, b.locate(cpu, false));
        }
    }

    private static final class HalfToHalf extends Step {
        private final int to;
        private final int from;

        HalfToHalf(int to, int from) {
            this.to = to;
            this.from = from;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[to] = cpu.xmm[from];
        }
    }

    /** MOVSS between registers. */
    private static final class MergeLow extends Step {
        private final int a;
        private final int b;

        MergeLow(int a, int b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[a] = cpu.xmm[a] & ~LOW | cpu.xmm[b] & LOW;
        }
    }

    private static final class StoreHalf extends Step {
        private final VectorOperand a;
        private final int half;

        StoreHalf(VectorOperand a, int half) {
            this.a = a;
            this.half = half;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.mmu.store64(a.locate(cpu, true), cpu.xmm[half]);
        }
    }

    private static final class StoreDword extends Step {
        private final VectorOperand a;
        private final int b;

        StoreDword(VectorOperand a, int b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.mmu.store32(a.locate(cpu, true), (int) cpu.xmm[b]);
        }
    }

    /** MOVD and MOVQ from a general register or memory. */
    private static final class FromGeneral extends Step {
        private final int a;
        private final Place b;
        private final long mask;

        FromGeneral(int a, Place b) {
            this.a = a;
            this.b = b;
            mask = -1L >>> b.shift();
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.xmm[a] = b.load(cpu) & mask;
            cpu.xmm[a + 1] = 0;
        }
    }

    private static final class ToGeneral extends Step {
        private final Place a;
        private final int b;

        ToGeneral(Place a, int b) {
            this.a = a;
            this.b = b;
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            a.store(cpu, a.locate(cpu, true), cpu.xmm[b]);
        }
    }

    /** MASKMOVDQU. */
    private static final class MaskedStore extends Step {
        private final int data;
        private final int mask;
        private final MaskedAddress address;

        MaskedStore(Instruction i) {
            data = 2 * i.reg;
            mask = 2 * i.rm;
            address = new MaskedAddress(i);
        }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            long[] xmm = cpu.xmm;
            long at = address.linear(cpu, 16);
            MaskedAddress.store(cpu, at, xmm[data], xmm[mask]);
            MaskedAddress.store(cpu, cpu.wrap(at + 8), xmm[data + 1], xmm[mask + 1]);
        }
    }
}
