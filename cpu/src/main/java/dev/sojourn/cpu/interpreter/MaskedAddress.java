package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;

/** The memory at rDI that MASKMOVDQU and MASKMOVQ write, byte by byte where the mask's sign bits say so. */
final class MaskedAddress {
    private final int segment;
    private final long mask;

    MaskedAddress(Instruction i) {
        segment = Cpu.baseIndex(i.mode, i.segment);
        mask = Address.mask(i.addressBytes);
    }

    /** The checked address: the pages must be writable even where the mask is zero. */
    long linear(Cpu cpu, int bytes) {
        long at = cpu.address(segment, cpu.r[Cpu.RDI] & mask, bytes, true);
        cpu.mmu.align(at, 8);
        if (bytes == 16) {
            cpu.mmu.probeStore(cpu.wrap(at + 8), 1);
        }
        cpu.mmu.probeStore(at, 1);
        cpu.mmu.probeStore(cpu.wrap(at + bytes - 1), 1);
        return at;
    }

    static void store(Cpu cpu, long at, long data, long mask) {
        for (int i = 0; i < 8; i++) {
            if ((byte) (mask >>> 8 * i) < 0) {
                cpu.mmu.store8(cpu.wrap(at + i), (int) (data >>> 8 * i) & 0xff);
            }
        }
    }
}
