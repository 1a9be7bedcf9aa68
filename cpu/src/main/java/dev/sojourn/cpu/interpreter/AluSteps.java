package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** Addition, subtraction, logic and their comparisons. */
final class AluSteps {
    private AluSteps() {}

    static Step bind(Instruction i, long next) {
        Place target = Place.of(i, i.form.operands.getFirst(), next);
        if (i.form.operands.size() == 1) {
            return target instanceof Place.Register r ? new UnaryRegister(i.op, r) : new Unary(i.op, target);
        }
        Place source = Place.of(i, i.form.operands.get(1), next);
        if (target instanceof Place.Register a) {
            return switch (source) {
                case Place.Register b -> new RegisterRegister(i.op, a, b);
                case Place.Constant c -> new RegisterConstant(i.op, a, c.value);
                case Place.Memory m -> new RegisterMemory(i.op, a, m.address);
                default -> new General(i.op, target, source);
            };
        }
        return i.op == Op.CMP || i.op == Op.TEST ? new Compare(i.op, target, source) : new General(i.op, target, source);
    }

    /** The two-operand operations; CMP and TEST give what nobody stores. */
    static long apply(Op op, Flags flags, int shift, long a, long b) {
        return switch (op) {
            case ADD -> Arithmetic.add(flags, shift, a, b);
            case OR -> Arithmetic.or(flags, shift, a, b);
            case ADC -> Arithmetic.adc(flags, shift, a, b);
            case SBB -> Arithmetic.sbb(flags, shift, a, b);
            case AND, TEST -> Arithmetic.and(flags, shift, a, b);
            case SUB, CMP -> Arithmetic.sub(flags, shift, a, b);
            default -> Arithmetic.xor(flags, shift, a, b);
        };
    }

    static boolean stores(Op op) { return op != Op.CMP && op != Op.TEST; }

    /** Both registers of 32 or 64 bits. */
    private static final class RegisterRegister extends Step {
        private final Op op;
        private final int a;
        private final int b;
        private final int shift;
        private final long mask;
        private final boolean stores;

        RegisterRegister(Op op, Place.Register a, Place.Register b) {
            this.op = op;
            this.a = a.number;
            this.b = b.number;
            shift = a.shift();
            mask = -1L >>> shift;
            stores = stores(op);
        }

        @Override
        void run(Cpu cpu) {
            long[] r = cpu.r;
            long result = apply(op, cpu.flags, shift, r[a], r[b]);
            if (stores) {
                r[a] = result & mask;
            }
        }
    }

    private static final class RegisterConstant extends Step {
        private final Op op;
        private final int a;
        private final long b;
        private final int shift;
        private final long mask;
        private final boolean stores;

        RegisterConstant(Op op, Place.Register a, long b) {
            this.op = op;
            this.a = a.number;
            this.b = b;
            shift = a.shift();
            mask = -1L >>> shift;
            stores = stores(op);
        }

        @Override
        void run(Cpu cpu) {
            long[] r = cpu.r;
            long result = apply(op, cpu.flags, shift, r[a], b);
            if (stores) {
                r[a] = result & mask;
            }
        }
    }

    private static final class RegisterMemory extends Step {
        private final Op op;
        private final int a;
        private final Address address;
        private final int shift;
        private final long mask;
        private final boolean stores;

        RegisterMemory(Op op, Place.Register a, Address address) {
            this.op = op;
            this.a = a.number;
            this.address = address;
            shift = a.shift();
            mask = -1L >>> shift;
            stores = stores(op);
        }

        @Override
        void run(Cpu cpu) {
            long b = shift == 0 ? cpu.mmu.load64(address.linear(cpu, 8, false)) : cpu.mmu.load32(address.linear(cpu, 4, false));
            long result = apply(op, cpu.flags, shift, cpu.r[a], b);
            if (stores) {
                cpu.r[a] = result & mask;
            }
        }
    }

    /** Memory or a narrow register against anything; nothing is stored. */
    private static final class Compare extends Step {
        private final Op op;
        private final Place target;
        private final Place source;

        Compare(Op op, Place target, Place source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) { apply(op, cpu.flags, target.shift(), target.load(cpu), source.load(cpu)); }
    }

    private static final class General extends Step {
        private final Op op;
        private final Place target;
        private final Place source;

        General(Op op, Place target, Place source) {
            this.op = op;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long b = source.load(cpu);
            if (!stores(op)) {
                apply(op, cpu.flags, target.shift(), target.load(cpu), b);
                return;
            }
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            target.store(cpu, at, apply(op, cpu.flags, target.shift(), a, b));
        }
    }

    static long apply(Op op, Flags flags, int shift, long a) {
        return switch (op) {
            case INC -> Arithmetic.inc(flags, shift, a);
            case DEC -> Arithmetic.dec(flags, shift, a);
            case NEG -> Arithmetic.neg(flags, shift, a);
            default -> ~a;
        };
    }

    private static final class UnaryRegister extends Step {
        private final Op op;
        private final int a;
        private final int shift;
        private final long mask;

        UnaryRegister(Op op, Place.Register a) {
            this.op = op;
            this.a = a.number;
            shift = a.shift();
            mask = -1L >>> shift;
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = apply(op, cpu.flags, shift, cpu.r[a]) & mask; }
    }

    private static final class Unary extends Step {
        private final Op op;
        private final Place target;

        Unary(Op op, Place target) {
            this.op = op;
            this.target = target;
        }

        @Override
        void run(Cpu cpu) {
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            target.store(cpu, at, apply(op, cpu.flags, target.shift(), a));
        }
    }

}
