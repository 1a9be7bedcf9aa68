package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;

/** How a memory operand's address is computed (SDM volume 1, 3.7.5). */
final class Address {
    private final int base;
    private final int index;
    private final int scale;
    private final long displacement;
    private final long mask;
    private final int segment;
    private final boolean flat;

    /** @param next the instruction pointer behind the instruction */
    Address(Instruction i, long next) {
        base = i.base;
        index = i.index;
        scale = i.scale;
        displacement = i.displacement + (i.ripRelative ? next : 0);
        mask = mask(i.addressBytes);
        segment = Cpu.baseIndex(i.mode, i.segment);
        flat = i.mode == Mode.BITS_64;
    }

    static long mask(int bytes) {
        return switch (bytes) {
            case 8 -> -1;
            case 4 -> 0xffff_ffffL;
            default -> 0xffff;
        };
    }

    /** The effective address: the offset in its segment. */
    long offset(Cpu cpu) {
        long[] r = cpu.r;
        return r[base] + (r[index] << scale) + displacement & mask;
    }

    /** The linear address, checked. */
    long linear(Cpu cpu, int bytes, boolean store) {
        long offset = offset(cpu);
        return flat ? offset + cpu.bases[segment] : cpu.linear(segment, offset, bytes, store);
    }

    /** The linear address of what lies at a signed distance from the operand (bit strings). */
    long linear(Cpu cpu, long distance, int bytes, boolean store) {
        long offset = offset(cpu) + distance & mask;
        return flat ? offset + cpu.bases[segment] : cpu.linear(segment, offset, bytes, store);
    }
}
