package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Op;
import dev.sojourn.memory.Raw;

/**
 * String instructions, alone and repeated (SDM volume 1, 7.3.9).
 *
 * <p>A repetition works on the registers after each element, so that it can be interrupted and resumed. After
 * {@link #ELEMENTS_MAX} elements it lets go: it ends its block, and the instruction pointer goes back to it.
 */
final class StringSteps {
    /** Bounds how long an interrupt waits for a repetition. */
    private static final int ELEMENTS_MAX = 4096;

    private StringSteps() {}

    static Step bind(Instruction i, long at) {
        int bytes = (i.opcode & 1) == 0 ? 1 : i.op == Op.INS || i.op == Op.OUTS ? Math.min(i.operandBytes, 4) : i.operandBytes;
        return new Repeated(i, at, bytes);
    }

    private static final class Repeated extends Step {
        private final Op op;
        private final long at;
        private final int bytes;
        private final long mask;
        private final int source;
        private final boolean repeats;
        /** Compares go on while ZF is this. */
        private final boolean whileEqual;
        private final boolean compares;

        Repeated(Instruction i, long at, int bytes) {
            op = i.op;
            this.at = at;
            this.bytes = bytes;
            mask = Address.mask(i.addressBytes);
            source = Cpu.baseIndex(i.mode, i.segment);
            repeats = i.rep || i.repne;
            whileEqual = i.rep;
            compares = op == Op.CMPS || op == Op.SCAS;
        }

        @Override
        void run(Cpu cpu) {
            if (!repeats) {
                element(cpu);
                return;
            }
            if (mask == 0xffff_ffffL) {
                narrow(cpu);
            }
            if (!compares) {
                repeat(cpu);
                return;
            }
            // Until the last element the flags are as they were before the first (SDM volume 2, CMPS and SCAS).
            int flags = cpu.flags.get();
            boolean whole = false;
            try {
                whole = repeat(cpu);
            } finally {
                if (!whole) {
                    cpu.flags.set(flags);
                }
            }
        }

        /** Registers that a repetition with 32-bit addresses uses lose their upper halves before it begins. */
        private void narrow(Cpu cpu) {
            cpu.r[Cpu.RCX] &= mask;
            if (op == Op.MOVS || op == Op.STOS) {
                cpu.r[Cpu.RDI] &= mask;
            }
            if (op == Op.MOVS) {
                cpu.r[Cpu.RSI] &= mask;
            }
        }

        /** @return whether it came to its end; if not, it is to run again */
        private boolean repeat(Cpu cpu) {
            int most = (cpu.system & Cpu.TF) != 0 ? 1 : ELEMENTS_MAX;
            for (int n = 0; n < most; ) {
                long count = cpu.r[Cpu.RCX] & mask;
                if (count == 0) {
                    return true;
                }
                int done = bulk(cpu, Long.compareUnsigned(count, most - n) < 0 ? count : most - n);
                if (done == 0) {
                    element(cpu);
                    done = 1;
                }
                n += done;
                advance(cpu, Cpu.RCX, -done);
                if (compares && cpu.flags.zero() != whileEqual) {
                    return true;
                }
                if (cpu.budget == 0) {
                    break;
                }
            }
            boolean whole = (cpu.r[Cpu.RCX] & mask) == 0;
            if (!whole) {
                cpu.rip = at;
            }
            return whole;
        }

        private void advance(Cpu cpu, int register, long by) {
            long value = cpu.r[register];
            long moved = value + by & mask;
            cpu.r[register] = mask == 0xffff ? value & ~mask | moved : moved;
        }

        private long step(Cpu cpu) { return (cpu.system & Cpu.DF) != 0 ? -bytes : bytes; }

        private long sourceAddress(Cpu cpu) { return cpu.address(source, cpu.r[Cpu.RSI] & mask, bytes, false); }

        /** Always in ES, which 64-bit code ignores. */
        private long targetAddress(Cpu cpu, boolean store) {
            return cpu.address(0, cpu.r[Cpu.RDI] & mask, bytes, store);
        }

        private void element(Cpu cpu) {
            long step = step(cpu);
            switch (op) {
                case MOVS -> {
                    long value = cpu.mmu.load(sourceAddress(cpu), bytes);
                    cpu.mmu.store(targetAddress(cpu, true), bytes, value);
                    advance(cpu, Cpu.RSI, step);
                    advance(cpu, Cpu.RDI, step);
                }
                case STOS -> {
                    cpu.mmu.store(targetAddress(cpu, true), bytes, cpu.r[Cpu.RAX]);
                    advance(cpu, Cpu.RDI, step);
                }
                case LODS -> {
                    accumulate(cpu, cpu.mmu.load(sourceAddress(cpu), bytes));
                    advance(cpu, Cpu.RSI, step);
                }
                case SCAS -> {
                    Arithmetic.sub(cpu.flags, 64 - 8 * bytes, cpu.r[Cpu.RAX], cpu.mmu.load(targetAddress(cpu, false), bytes));
                    advance(cpu, Cpu.RDI, step);
                }
                case CMPS -> {
                    long b = cpu.mmu.load(targetAddress(cpu, false), bytes);
                    Arithmetic.sub(cpu.flags, 64 - 8 * bytes, cpu.mmu.load(sourceAddress(cpu), bytes), b);
                    advance(cpu, Cpu.RSI, step);
                    advance(cpu, Cpu.RDI, step);
                }
                case INS -> {
                    int port = (int) cpu.r[Cpu.RDX] & 0xffff;
                    cpu.checkPort(port, bytes);
                    long target = targetAddress(cpu, true);
                    cpu.mmu.probeStore(target, bytes);
                    cpu.mmu.store(target, bytes, cpu.hooks.portIn(port, bytes));
                    advance(cpu, Cpu.RDI, step);
                }
                default -> {
                    int port = (int) cpu.r[Cpu.RDX] & 0xffff;
                    cpu.checkPort(port, bytes);
                    long value = cpu.mmu.load(sourceAddress(cpu), bytes);
                    cpu.hooks.portOut(port, bytes, (int) (bytes == 4 ? value : value & (1L << 8 * bytes) - 1));
                    advance(cpu, Cpu.RSI, step);
                }
            }
        }

        private void accumulate(Cpu cpu, long value) {
            cpu.r[Cpu.RAX] = switch (bytes) {
                case 8, 4 -> value;
                case 2 -> cpu.r[Cpu.RAX] & ~0xffffL | value;
                default -> cpu.r[Cpu.RAX] & ~0xffL | value;
            };
        }

        /** Many elements of MOVS or STOS at once, where both places are RAM and in one page each. @return how many; 0: none */
        private int bulk(Cpu cpu, long count) {
            if (op != Op.MOVS && op != Op.STOS || (cpu.system & Cpu.DF) != 0 || !cpu.is64Bit() || mask != -1) {
                return 0;
            }
            long target = targetAddress(cpu, true);
            long room = 4096 - (target & 4095);
            if (op == Op.MOVS) {
                room = Math.min(room, 4096 - (sourceAddress(cpu) & 4095));
            }
            int elements = (int) Math.min(count, room / bytes);
            int length = elements * bytes;
            if (elements < 4) {
                return 0;
            }
            long to = cpu.mmu.hostForStore(target, length);
            if (to == 0) {
                return 0;
            }
            if (op == Op.MOVS) {
                long from = cpu.mmu.hostForLoad(sourceAddress(cpu), length);
                if (from == 0 || Math.abs(to - from) < length) {
                    return 0;
                }
                Raw.copy(from, to, length);
                advance(cpu, Cpu.RSI, length);
            } else {
                fill(cpu, to, elements);
            }
            advance(cpu, Cpu.RDI, length);
            return elements;
        }

        private void fill(Cpu cpu, long to, int elements) {
            long value = cpu.r[Cpu.RAX];
            if (bytes == 1 || value == 0) {
                Raw.fill(to, (long) elements * bytes, (byte) value);
                return;
            }
            for (int i = 0; i < elements; i++) {
                switch (bytes) {
                    case 8 -> Raw.putLong(to + 8L * i, value);
                    case 4 -> Raw.putInt(to + 4L * i, (int) value);
                    default -> Raw.putShort(to + 2L * i, (short) value);
                }
            }
        }
    }
}
