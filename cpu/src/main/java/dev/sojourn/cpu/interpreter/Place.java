package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;

/**
 * An operand: a register, memory, or a constant.
 *
 * <p>To use one: {@code locate} it, then {@code load} and {@code store} with what that gave. What is loaded may carry
 * anything above the operand's width.
 */
abstract class Place {
    /** Its width. */
    final int bytes;

    Place(int bytes) { this.bytes = bytes; }

    /** 64 less its bits: how operations take a width. */
    final int shift() { return 64 - 8 * bytes; }

    /** Checks and computes the address; 0 where there is none. */
    abstract long locate(Cpu cpu, boolean store);

    abstract long load(Cpu cpu, long at);

    abstract void store(Cpu cpu, long at, long value);

    /** Locates and loads in one call. */
    abstract long load(Cpu cpu);

    /** Locates it for a load and a store to follow: faults as the store would. */
    final long locateForUpdate(Cpu cpu) {
        long at = locate(cpu, true);
        if (this instanceof Memory) {
            cpu.mmu.probeStore(at, bytes);
        }
        return at;
    }

    static Place of(Instruction i, Operand operand, long next) {
        int bytes = operand.bytes(i.operandBytes, i.mode, i.isMemory());
        return switch (operand.kind) {
            case RM -> i.isMemory() ? memory(i, operand, bytes, next) : register(i, i.rm, bytes);
            case MEMORY -> memory(i, operand, bytes, next);
            case OFFSET -> new Memory(bytes, new Address(i, next));
            case RM_REGISTER -> register(i, i.rm, bytes);
            case REG -> register(i, i.reg, bytes);
            case OPCODE_REG -> register(i, i.rm, bytes);
            case ACCUMULATOR -> register(i, Cpu.RAX, bytes);
            case COUNT -> new Register(1, Cpu.RCX);
            case ONE -> new Constant(bytes, 1);
            case IMMEDIATE -> new Constant(bytes, i.immediate);
            default -> throw new AssertionError(operand + " is no place");
        };
    }

    private static Place memory(Instruction i, Operand operand, int bytes, long next) {
        return new Memory(operand == Operand.EvMw ? 2 : bytes, new Address(i, next));
    }

    /** AH to BH where a byte register has a number from 4 to 7 and there is no REX prefix. */
    static Place register(Instruction i, int number, int bytes) {
        if (bytes == 1 && !i.rex && number >= 4 && number < 8) {
            return new HighByte(number - 4);
        }
        return bytes >= 4 ? new Register(bytes, number) : new PartialRegister(bytes, number);
    }

    /** A register of 32 or 64 bits; a store of 32 bits clears the rest. As a source it may be narrower. */
    static final class Register extends Place {
        final int number;
        private final long mask;

        Register(int bytes, int number) {
            super(bytes);
            this.number = number;
            mask = bytes == 8 ? -1 : 0xffff_ffffL;
        }

        @Override
        long locate(Cpu cpu, boolean store) { return 0; }

        @Override
        long load(Cpu cpu, long at) { return cpu.r[number]; }

        @Override
        long load(Cpu cpu) { return cpu.r[number]; }

        @Override
        void store(Cpu cpu, long at, long value) { cpu.r[number] = value & mask; }
    }

    /** The low 8 or 16 bits of a register. */
    static final class PartialRegister extends Place {
        final int number;
        private final long mask;

        PartialRegister(int bytes, int number) {
            super(bytes);
            this.number = number;
            mask = (1L << 8 * bytes) - 1;
        }

        @Override
        long locate(Cpu cpu, boolean store) { return 0; }

        @Override
        long load(Cpu cpu, long at) { return cpu.r[number]; }

        @Override
        long load(Cpu cpu) { return cpu.r[number]; }

        @Override
        void store(Cpu cpu, long at, long value) { cpu.r[number] = cpu.r[number] & ~mask | value & mask; }
    }

    /** AH, CH, DH or BH. */
    static final class HighByte extends Place {
        private final int number;

        HighByte(int number) {
            super(1);
            this.number = number;
        }

        @Override
        long locate(Cpu cpu, boolean store) { return 0; }

        @Override
        long load(Cpu cpu, long at) { return cpu.r[number] >>> 8; }

        @Override
        long load(Cpu cpu) { return cpu.r[number] >>> 8; }

        @Override
        void store(Cpu cpu, long at, long value) { cpu.r[number] = cpu.r[number] & ~0xff00L | (value & 0xff) << 8; }
    }

    /** Memory. */
    static final class Memory extends Place {
        final Address address;

        Memory(int bytes, Address address) {
            super(bytes);
            this.address = address;
        }

        @Override
        long locate(Cpu cpu, boolean store) { return address.linear(cpu, bytes, store); }

        @Override
        long load(Cpu cpu, long at) { return cpu.mmu.load(at, bytes); }

        @Override
        long load(Cpu cpu) { return cpu.mmu.load(address.linear(cpu, bytes, false), bytes); }

        @Override
        void store(Cpu cpu, long at, long value) { cpu.mmu.store(at, bytes, value); }
    }

    /** A number in the instruction. */
    static final class Constant extends Place {
        final long value;

        Constant(int bytes, long value) {
            super(bytes);
            this.value = value;
        }

        @Override
        long locate(Cpu cpu, boolean store) { return 0; }

        @Override
        long load(Cpu cpu, long at) { return value; }

        @Override
        long load(Cpu cpu) { return value; }

        @Override
        void store(Cpu cpu, long at, long stored) { throw new AssertionError("a constant is no destination"); }
    }
}
