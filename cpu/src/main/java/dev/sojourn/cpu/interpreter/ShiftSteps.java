package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.cpu.operation.Shift;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** Shifts and rotates. */
final class ShiftSteps {
    private ShiftSteps() {}

    static Step bind(Instruction i, long next) {
        Place target = Place.of(i, i.form.operands.getFirst(), next);
        Place second = Place.of(i, i.form.operands.get(1), next);
        if (i.form.operands.size() == 3) {
            return new Double(i.op, target, second, Place.of(i, i.form.operands.get(2), next));
        }
        if (target instanceof Place.Register r && second instanceof Place.Constant c) {
            return new RegisterConstant(i.op, r, c.value);
        }
        return new General(i.op, target, second);
    }

    private static long apply(Op op, Flags flags, int shift, long a, long count) {
        return switch (op) {
            case ROL -> Shift.rol(flags, shift, a, count);
            case ROR -> Shift.ror(flags, shift, a, count);
            case RCL -> Shift.rcl(flags, shift, a, count);
            case RCR -> Shift.rcr(flags, shift, a, count);
            case SHL -> Shift.shl(flags, shift, a, count);
            case SHR -> Shift.shr(flags, shift, a, count);
            default -> Shift.sar(flags, shift, a, count);
        };
    }

    private static final class RegisterConstant extends Step {
        private final Op op;
        private final int a;
        private final long count;
        private final int shift;
        private final long mask;

        RegisterConstant(Op op, Place.Register a, long count) {
            this.op = op;
            this.a = a.number;
            this.count = count;
            shift = a.shift();
            mask = -1L >>> shift;
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = apply(op, cpu.flags, shift, cpu.r[a], count) & mask; }
    }

    private static final class General extends Step {
        private final Op op;
        private final Place target;
        private final Place count;

        General(Op op, Place target, Place count) {
            this.op = op;
            this.target = target;
            this.count = count;
        }

        @Override
        void run(Cpu cpu) {
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            target.store(cpu, at, apply(op, cpu.flags, target.shift(), a, count.load(cpu, 0)));
        }
    }

    /** SHLD and SHRD. */
    private static final class Double extends Step {
        private final Op op;
        private final Place target;
        private final Place source;
        private final Place count;

        Double(Op op, Place target, Place source, Place count) {
            this.op = op;
            this.target = target;
            this.source = source;
            this.count = count;
        }

        @Override
        void run(Cpu cpu) {
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            long b = source.load(cpu, 0);
            long n = count.load(cpu, 0);
            target.store(cpu, at, op == Op.SHLD ? Shift.shld(cpu.flags, target.shift(), a, b, n)
                    : Shift.shrd(cpu.flags, target.shift(), a, b, n));
        }
    }
}
