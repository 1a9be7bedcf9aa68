package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Decimal;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** Flag control, decimal arithmetic and BOUND. */
final class FlagSteps {
    private static final int BY_SAHF = Flags.ARITHMETIC & ~Flags.OF;

    private FlagSteps() {}

    static Step bind(Instruction i, long next) {
        return i.op == Op.BOUND ? new Bound(Place.of(i, i.form.operands.getFirst(), next), new Address(i, next))
                : new Simple(i.op, (int) i.immediate);
    }

    private static final class Simple extends Step {
        private final Op op;
        private final int base;

        Simple(Op op, int base) {
            this.op = op;
            this.base = base;
        }

        @Override
        void run(Cpu cpu) {
            Flags flags = cpu.flags;
            switch (op) {
                case CLC -> flags.carry(false);
                case STC -> flags.carry(true);
                case CMC -> flags.carry(!flags.carry());
                case CLD -> cpu.system &= ~Cpu.DF;
                case STD -> cpu.system |= Cpu.DF;
                case SAHF -> flags.set((int) (cpu.r[Cpu.RAX] >>> 8), BY_SAHF);
                case LAHF -> cpu.r[Cpu.RAX] = cpu.r[Cpu.RAX] & ~0xff00L | (long) (flags.get() & 0xff | 2) << 8;
                default -> decimal(cpu);
            }
        }

        private void decimal(Cpu cpu) {
            int ax = (int) cpu.r[Cpu.RAX] & 0xffff;
            if (op == Op.AAM && base == 0) {
                throw cpu.fault(Vector.DE, 0);
            }
            int result = switch (op) {
                case DAA -> Decimal.daa(cpu.flags, ax);
                case DAS -> Decimal.das(cpu.flags, ax);
                case AAA -> Decimal.aaa(cpu.flags, ax);
                case AAS -> Decimal.aas(cpu.flags, ax);
                case AAM -> Decimal.aam(cpu.flags, ax, base);
                case AAD -> Decimal.aad(cpu.flags, ax, base);
                default -> ax & 0xff00 | (cpu.flags.carry() ? 0xff : 0);
            };
            cpu.r[Cpu.RAX] = cpu.r[Cpu.RAX] & ~0xffffL | result;
        }
    }

    private static final class Bound extends Step {
        private final Place index;
        private final Address bounds;

        Bound(Place index, Address bounds) {
            this.index = index;
            this.bounds = bounds;
        }

        @Override
        void run(Cpu cpu) {
            int bytes = index.bytes;
            int shift = index.shift();
            long at = bounds.linear(cpu, 2 * bytes, false);
            long value = index.load(cpu, 0) << shift >> shift;
            long lower = cpu.mmu.load(at, bytes) << shift >> shift;
            if (value < lower || value > cpu.mmu.load(cpu.wrap(at + bytes), bytes) << shift >> shift) {
                throw cpu.fault(Vector.BR, 0);
            }
        }
    }
}
