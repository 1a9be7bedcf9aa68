package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.Bits;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** Moves that change no flag. */
final class MoveSteps {
    private MoveSteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.op) {
            case NOP -> new Nothing();
            case XLAT -> new Translate(i);
            case BSWAP -> new Swap(Place.of(i, i.form.operands.getFirst(), next), i.operandBytes);
            case SET -> new Set(i.condition(), Place.of(i, i.form.operands.getFirst(), next));
            default -> twoOperands(i, next);
        };
    }

    private static Step twoOperands(Instruction i, long next) {
        Place target = Place.of(i, i.form.operands.getFirst(), next);
        if (i.op == Op.LEA) {
            return new Lea(target, new Address(i, next));
        }
        Place source = Place.of(i, i.form.operands.get(1), next);
        return switch (i.op) {
            case XCHG -> exchange(i, target, source);
            case CMOV -> new ConditionalMove(i.condition(), target, source);
            case MOVSX -> source instanceof Place.Memory m && target instanceof Place.Register r && source.bytes == 4
                    ? new LoadSigned32(r, m.address) : new Extend(target, source, source.shift(), true);
            case MOVZX -> source instanceof Place.Memory m && target instanceof Place.Register r && source.bytes == 1
                    ? new LoadByte(r, m.address) : new Extend(target, source, source.shift(), false);
            default -> move(target, source);
        };
    }

    private static Step exchange(Instruction i, Place target, Place source) {
        if (i.opcode == 0x90 && i.rm == 0) {
            return i.rep ? new Pause() : new Nothing();
        }
        return new Exchange(target, source);
    }

    private static Step move(Place target, Place source) {
        if (target instanceof Place.Register a) {
            return switch (source) {
                case Place.Register b -> new RegisterRegister(a, b);
                case Place.Constant c -> new RegisterConstant(a, c.value);
                case Place.Memory m -> a.bytes == 8 ? new Load64(a, m.address) : new Load32(a, m.address);
                default -> new Move(target, source);
            };
        }
        if (target instanceof Place.Memory m && source instanceof Place.Register b) {
            return m.bytes == 8 ? new Store64(m.address, b) : m.bytes == 4 ? new Store32(m.address, b) : new Move(target, source);
        }
        return new Move(target, source);
    }

    private static final class Nothing extends Step {
        @Override
        void run(Cpu cpu) {}
    }

    /** A loop that waits for another processor: gives up the turn. */
    private static final class Pause extends Step {
        @Override
        void run(Cpu cpu) {
            cpu.yielded = true;
            cpu.attend();
        }
    }

    private static final class RegisterRegister extends Step {
        private final int a;
        private final int b;
        private final long mask;

        RegisterRegister(Place.Register a, Place.Register b) {
            this.a = a.number;
            this.b = b.number;
            mask = -1L >>> a.shift();
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = cpu.r[b] & mask; }
    }

    private static final class RegisterConstant extends Step {
        private final int a;
        private final long value;

        RegisterConstant(Place.Register a, long value) {
            this.a = a.number;
            this.value = value & -1L >>> a.shift();
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = value; }
    }

    private static final class Load64 extends Step {
        private final int a;
        private final Address address;

        Load64(Place.Register a, Address address) {
            this.a = a.number;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = cpu.mmu.load64(address.linear(cpu, 8, false)); }
    }

    private static final class Load32 extends Step {
        private final int a;
        private final Address address;

        Load32(Place.Register a, Address address) {
            this.a = a.number;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = cpu.mmu.load32(address.linear(cpu, 4, false)) & 0xffff_ffffL; }
    }

    private static final class LoadSigned32 extends Step {
        private final int a;
        private final long mask;
        private final Address address;

        LoadSigned32(Place.Register a, Address address) {
            this.a = a.number;
            mask = -1L >>> a.shift();
            this.address = address;
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = cpu.mmu.load32(address.linear(cpu, 4, false)) & mask; }
    }

    private static final class LoadByte extends Step {
        private final int a;
        private final Address address;

        LoadByte(Place.Register a, Address address) {
            this.a = a.number;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) { cpu.r[a] = cpu.mmu.load8(address.linear(cpu, 1, false)); }
    }

    private static final class Store64 extends Step {
        private final Address address;
        private final int b;

        Store64(Address address, Place.Register b) {
            this.address = address;
            this.b = b.number;
        }

        @Override
        void run(Cpu cpu) { cpu.mmu.store64(address.linear(cpu, 8, true), cpu.r[b]); }
    }

    private static final class Store32 extends Step {
        private final Address address;
        private final int b;

        Store32(Address address, Place.Register b) {
            this.address = address;
            this.b = b.number;
        }

        @Override
        void run(Cpu cpu) { cpu.mmu.store32(address.linear(cpu, 4, true), (int) cpu.r[b]); }
    }

    private static final class Move extends Step {
        private final Place target;
        private final Place source;

        Move(Place target, Place source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long value = source.load(cpu);
            target.store(cpu, target.locate(cpu, true), value);
        }
    }

    /** MOVZX, MOVSX, MOVSXD. */
    private static final class Extend extends Step {
        private final Place target;
        private final Place source;
        private final int shift;
        private final boolean signed;

        Extend(Place target, Place source, int shift, boolean signed) {
            this.target = target;
            this.source = source;
            this.shift = shift;
            this.signed = signed;
        }

        @Override
        void run(Cpu cpu) {
            long value = source.load(cpu) << shift;
            target.store(cpu, 0, signed ? value >> shift : value >>> shift);
        }
    }

    private static final class Lea extends Step {
        private final Place target;
        private final Address address;

        Lea(Place target, Address address) {
            this.target = target;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) { target.store(cpu, 0, address.offset(cpu)); }
    }

    /** The source is loaded and, with 32 bits, the upper half cleared, whether or not the condition holds. */
    private static final class ConditionalMove extends Step {
        private final int condition;
        private final Place target;
        private final Place source;

        ConditionalMove(int condition, Place target, Place source) {
            this.condition = condition;
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long value = source.load(cpu);
            target.store(cpu, 0, cpu.flags.condition(condition) ? value : target.load(cpu, 0));
        }
    }

    private static final class Set extends Step {
        private final int condition;
        private final Place target;

        Set(int condition, Place target) {
            this.condition = condition;
            this.target = target;
        }

        @Override
        void run(Cpu cpu) { target.store(cpu, target.locate(cpu, true), cpu.flags.condition(condition) ? 1 : 0); }
    }

    private static final class Exchange extends Step {
        private final Place target;
        private final Place source;

        Exchange(Place target, Place source) {
            this.target = target;
            this.source = source;
        }

        @Override
        void run(Cpu cpu) {
            long at = target.locateForUpdate(cpu);
            long a = target.load(cpu, at);
            long b = source.load(cpu, 0);
            target.store(cpu, at, b);
            source.store(cpu, 0, a);
        }
    }

    private static final class Swap extends Step {
        private final Place target;
        private final int shift;

        Swap(Place target, int bytes) {
            this.target = target;
            shift = 64 - 8 * bytes;
        }

        @Override
        void run(Cpu cpu) { target.store(cpu, 0, Bits.bswap(shift, target.load(cpu, 0))); }
    }

    /** XLAT: AL from the table at rBX. */
    private static final class Translate extends Step {
        private final int segment;
        private final long mask;

        Translate(Instruction i) {
            segment = Cpu.baseIndex(i.mode, i.segment);
            mask = Address.mask(i.addressBytes);
        }

        @Override
        void run(Cpu cpu) {
            long offset = cpu.r[Cpu.RBX] + (cpu.r[Cpu.RAX] & 0xff) & mask;
            int value = cpu.mmu.load8(cpu.address(segment, offset, 1, false));
            cpu.r[Cpu.RAX] = cpu.r[Cpu.RAX] & ~0xffL | value;
        }
    }
}
