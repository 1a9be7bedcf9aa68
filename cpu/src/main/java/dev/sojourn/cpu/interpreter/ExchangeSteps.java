package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** XADD and the compare-and-exchange family. Processors take turns, so that a step is atomic with or without LOCK. */
final class ExchangeSteps {
    private ExchangeSteps() {}

    static Step bind(Instruction i, long next) {
        if (i.op == Op.CMPXCHG8B) {
            return new CompareDouble(new Address(i, next), i.operandBytes == 8 ? 8 : 4);
        }
        Place target = Place.of(i, i.form.operands.getFirst(), next);
        Place source = Place.of(i, i.form.operands.get(1), next);
        return i.op == Op.XADD ? new ExchangeAdd(target, source) : new Compare(target, source);
    }

    private static final class ExchangeAdd extends Step {
        private final Place target;
        private final Place source;

        ExchangeAdd(Place target, Place source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            long sum = Arithmetic.add(cpu.flags, target.shift(), a, source.load(cpu, 0));
            source.store(cpu, 0, a);
            target.store(cpu, at, sum);
        }
    }

    /** The destination is written in any case; the accumulator only if they differ. */
    private static final class Compare extends Step {
        private final Place target;
        private final Place source;
        private final Place accumulator;

        Compare(Place target, Place source) {
            this.target = target;
            this.source = source;
            accumulator = target.bytes >= 4 ? new Place.Register(target.bytes, Cpu.RAX)
                    : new Place.PartialRegister(target.bytes, Cpu.RAX);
        }

        @Override
        void run(Cpu cpu) {
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            Arithmetic.sub(cpu.flags, target.shift(), accumulator.load(cpu, 0), a);
            if (cpu.flags.zero()) {
                target.store(cpu, at, source.load(cpu, 0));
            } else {
                accumulator.store(cpu, 0, a);
            }
        }
    }

    /** CMPXCHG8B and CMPXCHG16B. */
    private static final class CompareDouble extends Step {
        private final Address address;
        private final int half;

        CompareDouble(Address address, int half) {
            this.address = address;
            this.half = half;
        }

        @Override
        void run(Cpu cpu) {
            long at = address.linear(cpu, 2 * half, true);
            if (half == 8 && (at & 15) != 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            cpu.mmu.probeStore(at, 2 * half);
            long low = cpu.mmu.load(at, half);
            long high = cpu.mmu.load(at + half, half);
            long mask = Address.mask(half);
            boolean equal = low == (cpu.r[Cpu.RAX] & mask) && high == (cpu.r[Cpu.RDX] & mask);
            if (equal) {
                cpu.mmu.store(at, half, cpu.r[Cpu.RBX]);
                cpu.mmu.store(at + half, half, cpu.r[Cpu.RCX]);
            } else {
                cpu.r[Cpu.RAX] = low;
                cpu.r[Cpu.RDX] = high;
            }
            cpu.flags.set(equal ? Flags.ZF : 0, Flags.ZF);
        }
    }
}
