package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.cpu.operation.Bits;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import dev.sojourn.isa.Operand;
import dev.sojourn.memory.GuestMemory;

/**
 * A store of the kernel to a bottom page table, which is mapped read-only: it is made as if by a call, if the entry that comes
 * of it is good; else the page fault is the guest's.
 *
 * <p>One instruction stores to one entry here, or it is not completed.
 */
final class TrappedStore {
    private final PvProcessor processor;
    private final Cpu cpu;
    private final GuestMemory memory;

    TrappedStore(PvProcessor processor) {
        this.processor = processor;
        cpu = processor.cpu;
        memory = processor.guest.machine.memory();
    }

    /** Completes the instruction that faulted at CR2. @return false if it is not one of those, or stores what is not good */
    boolean execute() {
        long linear = cpu.cr2;
        PvGuest guest = processor.guest;
        long leaf = guest.pageTables.leaf(processor.kernelTable(), linear);
        if (!Pte.isPresent(leaf) || guest.uses.use(Pte.frame(leaf)) != 1 || cpu.mode != Mode.BITS_64) {
            return false;
        }
        Instruction i = new PrivilegedInstructions(processor).instruction();
        if (i == null || !i.isMemory() || !storesOne(i)) {
            return false;
        }
        int bytes = i.form.operands.getFirst().bytes(i.operandBytes, i.mode, true);
        if ((linear & bytes - 1) != 0 || address(i, bytes) != linear) {
            return false;
        }
        long at = MachineFrames.address(Pte.frame(leaf)) | linear & GuestMemory.PAGE_BYTES - 1;
        return store(i, at, bytes);
    }

    /** Whether the first operand is memory, and the second a register or in the instruction. */
    private static boolean storesOne(Instruction i) {
        if (i.form.operands.size() != 2) {
            return false;
        }
        Operand.Kind to = i.form.operands.getFirst().kind;
        Operand.Kind from = i.form.operands.get(1).kind;
        return (to == Operand.Kind.RM || to == Operand.Kind.MEMORY)
                && (from == Operand.Kind.REG || from == Operand.Kind.IMMEDIATE);
    }

    /** The address of the memory operand. */
    private long address(Instruction i, int bytes) {
        long offset = cpu.r[i.base] + (cpu.r[i.index] << i.scale) + i.displacement + (i.ripRelative ? cpu.rip + i.length : 0);
        if (i.addressBytes == 4) {
            offset &= 0xffff_ffffL;
        }
        if (isBitString(i)) {
            offset += (source(i, bytes) >> (bytes == 8 ? 6 : bytes == 4 ? 5 : 4)) * bytes;
        }
        return offset + cpu.bases[Cpu.baseIndex(i.mode, i.segment)];
    }

    private static boolean isBitString(Instruction i) {
        return switch (i.op) {
            case BTS, BTR, BTC -> i.form.operands.get(1).kind == Operand.Kind.REG;
            default -> false;
        };
    }

    /** The second operand: a register or an immediate, sign-extended from the operand's width. */
    private long source(Instruction i, int bytes) {
        if (i.form.operands.get(1).kind != Operand.Kind.REG) {
            return i.immediate;
        }
        int shift = 64 - 8 * bytes;
        boolean high = bytes == 1 && !i.rex && i.reg >= 4 && i.reg < 8;
        long value = high ? cpu.r[i.reg - 4] >> 8 : cpu.r[i.reg];
        return value << shift >> shift;
    }

    private boolean store(Instruction i, long at, int bytes) {
        int shift = 64 - 8 * bytes;
        long mask = -1L >>> shift;
        int place = (int) (at & 7) * 8;
        long entry = memory.getLong(at & ~7L);
        long old = entry >>> place << shift >> shift;
        long operand = source(i, bytes);
        Flags flags = new Flags();
        flags.set(cpu.flags.get());
        int bit = (int) operand & 8 * bytes - 1;
        long value;
        switch (i.op) {
            case MOV, XCHG, MOVNTI -> value = operand;
            case AND -> value = Arithmetic.and(flags, shift, old, operand);
            case OR -> value = Arithmetic.or(flags, shift, old, operand);
            case XOR -> value = Arithmetic.xor(flags, shift, old, operand);
            case ADD, XADD -> value = Arithmetic.add(flags, shift, old, operand);
            case SUB -> value = Arithmetic.sub(flags, shift, old, operand);
            case BTS -> value = old | 1L << bit;
            case BTR -> value = old & ~(1L << bit);
            case BTC -> value = old ^ 1L << bit;
            case CMPXCHG -> {
                Arithmetic.sub(flags, shift, cpu.r[Cpu.RAX] << shift >> shift, old);
                value = flags.zero() ? operand : old;
            }
            default -> {
                return false;
            }
        }
        long changed = entry & ~(mask << place) | (value & mask) << place;
        if (!processor.guest.uses.change(at & ~7L, changed, 0)) {
            return false;
        }
        finish(i, bytes, old, bit, flags);
        return true;
    }

    /** What the instruction leaves in registers and flags. */
    private void finish(Instruction i, int bytes, long old, int bit, Flags flags) {
        switch (i.op) {
            case BTS, BTR, BTC -> Bits.test(cpu.flags, old, bit);
            case XCHG, XADD -> register(i.reg, bytes, i.rex, old);
            case CMPXCHG -> {
                if (!flags.zero()) {
                    register(Cpu.RAX, bytes, true, old);
                }
            }
            default -> {}
        }
        switch (i.op) {
            case MOV, XCHG, MOVNTI, BTS, BTR, BTC -> {}
            default -> cpu.flags.set(flags.get());
        }
        cpu.rip += i.length;
    }

    private void register(int number, int bytes, boolean rex, long value) {
        if (bytes == 1 && !rex && number >= 4 && number < 8) {
            cpu.r[number - 4] = cpu.r[number - 4] & ~0xff00L | (value & 0xff) << 8;
        } else if (bytes >= 4) {
            cpu.r[number] = bytes == 8 ? value : value & 0xffff_ffffL;
        } else {
            long mask = bytes == 1 ? 0xff : 0xffff;
            cpu.r[number] = cpu.r[number] & ~mask | value & mask;
        }
    }
}
