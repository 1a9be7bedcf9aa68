package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.cpu.operation.Division;
import dev.sojourn.isa.Instruction;

/** Multiplication, division and the sign extension that goes with it. */
final class MultiplySteps {
    private MultiplySteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.op) {
            case CBW -> new ExtendAccumulator(i.operandBytes);
            case CWD -> new ExtendToData(i.operandBytes);
            case IMUL2 -> product(Place.of(i, i.form.operands.getFirst(), next), Place.of(i, i.form.operands.get(1), next));
            case IMUL3 -> new Product(Place.of(i, i.form.operands.getFirst(), next),
                    Place.of(i, i.form.operands.get(1), next), Place.of(i, i.form.operands.get(2), next));
            case MUL -> new Multiply(Place.of(i, i.form.operands.getFirst(), next), false);
            case IMUL -> new Multiply(Place.of(i, i.form.operands.getFirst(), next), true);
            case DIV -> new Divide(Place.of(i, i.form.operands.getFirst(), next), false);
            default -> new Divide(Place.of(i, i.form.operands.getFirst(), next), true);
        };
    }

    private static Step product(Place target, Place source) {
        return target instanceof Place.Register a && source instanceof Place.Register b ? new RegisterProduct(a, b)
                : new Product(target, target, source);
    }

    /** Stores to a register's low bits as an instruction of that width does. */
    static void put(Cpu cpu, int number, int bytes, long value) {
        cpu.r[number] = switch (bytes) {
            case 8 -> value;
            case 4 -> value & 0xffff_ffffL;
            default -> cpu.r[number] & ~0xffffL | value & 0xffff;
        };
    }

    /** CBW, CWDE, CDQE. */
    private static final class ExtendAccumulator extends Step {
        private final int bytes;

        ExtendAccumulator(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) {
            int unused = 64 - 4 * bytes;
            put(cpu, Cpu.RAX, bytes, cpu.r[Cpu.RAX] << unused >> unused);
        }
    }

    /** CWD, CDQ, CQO. */
    private static final class ExtendToData extends Step {
        private final int bytes;

        ExtendToData(int bytes) { this.bytes = bytes; }

        @Override
        void run(Cpu cpu) { put(cpu, Cpu.RDX, bytes, cpu.r[Cpu.RAX] << 64 - 8 * bytes >> 63); }
    }

    /** IMUL with two or three operands. */
    private static final class Product extends Step {
        private final Place target;
        private final Place first;
        private final Place second;

        Product(Place target, Place first, Place second) {
            this.target = target;
            this.first = first;
            this.second = second;
        }

        @Override
        void run(Cpu cpu) {
            long b = second.load(cpu);
            target.store(cpu, 0, Arithmetic.imul(cpu.flags, target.shift(), first.load(cpu), b));
        }
    }

    /** IMUL of registers of 32 or 64 bits: what arithmetic of large numbers is made of. */
    private static final class RegisterProduct extends Step {
        private final int a;
        private final int b;
        private final int shift;
        private final long mask;

        RegisterProduct(Place.Register a, Place.Register b) {
            this.a = a.number;
            this.b = b.number;
            shift = a.shift();
            mask = -1L >>> shift;
        }

        @Override
        void run(Cpu cpu) {
            long[] r = cpu.r;
            r[a] = Arithmetic.imul(cpu.flags, shift, r[a], r[b]) & mask;
        }
    }

    /** MUL and IMUL with one operand: into rDX:rAX, or AX for bytes. */
    private static final class Multiply extends Step {
        private final Place source;
        private final boolean signed;

        Multiply(Place source, boolean signed) {
            this.source = source;
            this.signed = signed;
        }

        @Override
        void run(Cpu cpu) {
            int shift = source.shift();
            long a = cpu.r[Cpu.RAX];
            long b = source.load(cpu);
            long high = signed ? Arithmetic.imulHigh(shift, a, b) : Arithmetic.mulHigh(shift, a, b);
            long low = signed ? Arithmetic.imul(cpu.flags, shift, a, b) : Arithmetic.mul(cpu.flags, shift, a, b);
            if (source.bytes == 1) {
                put(cpu, Cpu.RAX, 2, high << 8 | low & 0xff);
            } else {
                put(cpu, Cpu.RAX, source.bytes, low);
                put(cpu, Cpu.RDX, source.bytes, high);
            }
        }
    }

    /** DIV and IDIV: rDX:rAX, or AX for bytes. */
    private static final class Divide extends Step {
        private final Place source;
        private final boolean signed;

        Divide(Place source, boolean signed) {
            this.source = source;
            this.signed = signed;
        }

        @Override
        void run(Cpu cpu) {
            int shift = source.shift();
            long divisor = source.load(cpu);
            long low = cpu.r[Cpu.RAX];
            long high = source.bytes == 1 ? low >>> 8 : cpu.r[Cpu.RDX];
            boolean fits = signed ? Division.fitsSigned(shift, high, low, divisor) : Division.fits(shift, high, divisor);
            if (!fits) {
                throw cpu.fault(Vector.DE, 0);
            }
            long q = signed ? Division.quotientSigned(shift, high, low, divisor) : Division.quotient(shift, high, low, divisor);
            long r = signed ? Division.remainderSigned(shift, high, low, divisor) : Division.remainder(shift, high, low, divisor);
            if (source.bytes == 1) {
                put(cpu, Cpu.RAX, 2, r << 8 | q & 0xff);
            } else {
                put(cpu, Cpu.RAX, source.bytes, q);
                put(cpu, Cpu.RDX, source.bytes, r);
            }
        }
    }
}
