package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.cpu.operation.x87.X87;
import dev.sojourn.cpu.operation.x87.X87Environment;
import dev.sojourn.cpu.operation.x87.X87Instructions;
import dev.sojourn.cpu.operation.x87.X87Memory;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;

/** The opcodes D8 to DF, and FWAIT. */
final class X87Steps {
    private static final int FNSTSW_AX = 0xe0;

    private X87Steps() {}

    /** @return null where there is no instruction */
    static Step bind(Instruction i, long next) {
        if (i.op == Op.FWAIT) {
            return new Wait();
        }
        return i.isMemory() ? memory(i, next) : register(i);
    }

    private static Step memory(Instruction i, long next) {
        int bytes = X87Memory.bytes(i.opcode, i.modrm);
        if (bytes != 0) {
            return X87Memory.stores(i.opcode, i.modrm) ? new Store(i, bytes, next) : new Load(i, bytes, next);
        }
        int group = i.modrm >> 3 & 7;
        return switch (i.opcode & 7) {
            case 1 -> group == 4 ? new LoadImage(i, false, next) : group == 6 ? new StoreImage(i, false, next) : null;
            case 5 -> group == 4 ? new LoadImage(i, true, next) : group == 6 ? new StoreImage(i, true, next) : null;
            default -> null;
        };
    }

    private static Step register(Instruction i) {
        if (!X87Instructions.exists(i.opcode, i.modrm)) {
            return null;
        }
        int group = i.modrm >> 3 & 7;
        return switch (i.opcode & 7) {
            case 2 -> group < 4 ? new ConditionalMove(i) : new Register(i);
            case 3 -> group < 4 ? new ConditionalMove(i) : group == 4 ? new Register(i) : new Compare(i);
            case 7 ->
                i.modrm == FNSTSW_AX ? new StatusToAx() : group == 5 || group == 6 ? new Compare(i) : new Register(i);
            default -> new Register(i);
        };
    }

    private static void check(Cpu cpu, boolean waits) {
        cpu.checkX87();
        if (waits) {
            MediaUnit.checkPending(cpu);
        }
    }

    /** FWAIT: it alone heeds CR0.MP. */
    private static final class Wait extends Step {
        @Override
        void run(Cpu cpu) {
            if ((cpu.cr0 & (Cpu.CR0_MP | Cpu.CR0_TS)) == (Cpu.CR0_MP | Cpu.CR0_TS)) {
                throw cpu.fault(Vector.NM, 0);
            }
            MediaUnit.checkPending(cpu);
        }
    }

    private static final class Register extends Step {
        private final int opcode;
        private final int modrm;
        private final boolean waits;

        Register(Instruction i) {
            opcode = i.opcode;
            modrm = i.modrm;
            waits = X87Instructions.waits(opcode, modrm);
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, waits);
            X87Instructions.register(cpu.fpu, opcode, modrm);
        }
    }

    private static final class StatusToAx extends Step {
        @Override
        void run(Cpu cpu) {
            check(cpu, false);
            cpu.r[Cpu.RAX] = cpu.r[Cpu.RAX] & ~0xffffL | cpu.fpu.status();
        }
    }

    /** FCOMI and its kin. */
    private static final class Compare extends Step {
        private final int opcode;
        private final int modrm;

        Compare(Instruction i) {
            opcode = i.opcode;
            modrm = i.modrm;
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, true);
            cpu.flags.set(X87Instructions.compareToFlags(cpu.fpu, opcode, modrm), Flags.ARITHMETIC);
        }
    }

    /** FCMOVcc: below, equal, below or equal, unordered; with DB their negations. */
    private static final class ConditionalMove extends Step {
        private static final int[] CONDITIONS = {2, 4, 6, 10};

        private final int condition;
        private final int source;

        ConditionalMove(Instruction i) {
            condition = CONDITIONS[i.modrm >> 3 & 3] + (i.opcode & 1);
            source = i.modrm & 7;
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, true);
            X87Instructions.moveIf(cpu.fpu, cpu.flags.condition(condition), source);
        }
    }

    private static final class Load extends Step {
        private final int opcode;
        private final int modrm;
        private final int bytes;
        private final Address address;

        Load(Instruction i, int bytes, long next) {
            opcode = i.opcode;
            modrm = i.modrm;
            this.bytes = bytes;
            address = new Address(i, next);
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, true);
            long at = address.linear(cpu, bytes, false);
            if (bytes == 10) {
                long low = cpu.mmu.load64(at);
                X87Memory.load(cpu.fpu, opcode, modrm, low, cpu.mmu.load16(cpu.wrap(at + 8)));
            } else {
                X87Memory.load(cpu.fpu, opcode, modrm, cpu.mmu.load(at, bytes), 0);
            }
        }
    }

    /**
     * Stores. An exception of the value comes before one of the memory; then the unit is as it was, though of 10 bytes the
     * first 8 may have been written, as processors do.
     */
    private static final class Store extends Step {
        private final int opcode;
        private final int modrm;
        private final int bytes;
        private final boolean waits;
        private final Address address;

        Store(Instruction i, int bytes, long next) {
            opcode = i.opcode;
            modrm = i.modrm;
            this.bytes = bytes;
            waits = X87Memory.waits(opcode, modrm);
            address = new Address(i, next);
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, waits);
            X87 fpu = cpu.fpu;
            int status = fpu.status();
            int tags = fpu.abridgedTags();
            long value = X87Memory.store(fpu, opcode, modrm);
            if (fpu.storeAbandoned()) {
                return;
            }
            try {
                put(cpu, address.linear(cpu, bytes, true), value);
            } catch (GuestFault fault) {
                fpu.status(status);
                fpu.abridgedTags(tags);
                throw fault;
            }
        }

        private void put(Cpu cpu, long at, long value) {
            if (bytes == 10) {
                cpu.mmu.store64(at, value);
                cpu.mmu.store16(cpu.wrap(at + 8), cpu.fpu.storedHigh());
            } else {
                cpu.mmu.store(at, bytes, value);
            }
        }
    }

    /** FLDENV, FRSTOR: the first word is touched first, then the last byte. */
    private static final class LoadImage extends Step {
        private final boolean registers;
        private final boolean wide;
        private final int bytes;
        private final Address address;

        LoadImage(Instruction i, boolean registers, long next) {
            this.registers = registers;
            wide = i.operandBytes != 2;
            bytes = X87Environment.bytes(wide) + (registers ? X87Environment.REGISTER_BYTES : 0);
            address = new Address(i, next);
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, true);
            long at = address.linear(cpu, bytes, false);
            cpu.mmu.load(at, wide ? 4 : 2);
            cpu.mmu.load8(cpu.wrap(at + bytes - 1));
            StateSteps.load(cpu, at, bytes);
            boolean real = !cpu.usesDescriptors();
            if (registers) {
                X87Environment.restore(cpu.fpu, cpu.stateImage, wide, real);
            } else {
                X87Environment.loadEnvironment(cpu.fpu, cpu.stateImage, wide, real);
            }
        }
    }

    /** FNSTENV, FNSAVE: in the same order. */
    private static final class StoreImage extends Step {
        private final boolean registers;
        private final boolean wide;
        private final int bytes;
        private final Address address;

        StoreImage(Instruction i, boolean registers, long next) {
            this.registers = registers;
            wide = i.operandBytes != 2;
            bytes = X87Environment.bytes(wide) + (registers ? X87Environment.REGISTER_BYTES : 0);
            address = new Address(i, next);
        }

        @Override
        void run(Cpu cpu) {
            check(cpu, false);
            long at = address.linear(cpu, bytes, true);
            cpu.mmu.probeStore(at, wide ? 4 : 2);
            cpu.mmu.probeStore(cpu.wrap(at + bytes - 1), 1);
            boolean real = !cpu.usesDescriptors();
            if (registers) {
                X87Environment.save(cpu.fpu, cpu.stateImage, wide, real);
            } else {
                X87Environment.storeEnvironment(cpu.fpu, cpu.stateImage, wide, real);
            }
            StateSteps.store(cpu, at, 0, bytes);
        }
    }
}
