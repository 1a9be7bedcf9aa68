package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Operand;
import dev.sojourn.isa.VectorOp;

/**
 * An XMM register by the r/m field, or memory of 2 to 16 bytes.
 *
 * <p>To use one: {@code locate} it, then ask for its halves, or store, with what that gave.
 */
final class VectorOperand {
    private static final int REGISTER = -1;
    private static final int ALIGNMENT = 15;
    private static final int PAGE = 0xfff;

    /** The index of the low half in {@link Cpu#xmm}; -1 for memory. */
    final int register;
    /** Bytes in memory. */
    final int bytes;
    private final Address address;
    private final boolean aligned;

    VectorOperand(Instruction i, Operand operand, long next) {
        bytes = operand.bytes(i.operandBytes, i.mode, i.isMemory());
        register = i.isMemory() ? REGISTER : 2 * i.rm;
        address = i.isMemory() ? new Address(i, next) : null;
        aligned = bytes == 16 && !isUnaligned(i.vector);
    }

    /** A register by its index in {@link Cpu#xmm}. */
    VectorOperand(int register) {
        this.register = register;
        bytes = 16;
        address = null;
        aligned = false;
    }

    /** The instructions whose 16 bytes may lie anywhere (SDM volume 2, table 2-21 and 2-22). */
    private static boolean isUnaligned(VectorOp op) {
        return switch (op) {
            case MOVUPS, MOVDQU, LDDQU, PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI -> true;
            default -> false;
        };
    }

    boolean isMemory() { return register < 0; }

    /** The linear address, checked; 0 for a register. @throws dev.sojourn.cpu.GuestFault #GP(0), #SS(0) */
    long locate(Cpu cpu, boolean store) {
        if (register >= 0) {
            return 0;
        }
        long at = address.linear(cpu, bytes, store);
        if (aligned && (at & ALIGNMENT) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return at;
    }

    /** The low half, or all of what is narrower; zero-extended from memory. */
    long low(Cpu cpu, long at) {
        return register >= 0 ? cpu.xmm[register] : bytes == 16 ? cpu.mmu.loadHalf(at)
                : bytes == 8 ? cpu.mmu.load64(at) : cpu.mmu.load(at, bytes);
    }

    /** The high half; of narrower memory zero. */
    long high(Cpu cpu, long at) {
        return register >= 0 ? cpu.xmm[register + 1] : bytes == 16 ? cpu.mmu.loadHalf(cpu.wrap(at + 8)) : 0;
    }

    /** Stores 16 bytes, all or none. */
    void store(Cpu cpu, long at, long low, long high) {
        if (register >= 0) {
            cpu.xmm[register] = low;
            cpu.xmm[register + 1] = high;
            return;
        }
        if ((at & PAGE) > PAGE - ALIGNMENT) {
            cpu.mmu.probeStore(at, 16);
        }
        cpu.mmu.storeHalf(at, low);
        cpu.mmu.storeHalf(cpu.wrap(at + 8), high);
    }
}
