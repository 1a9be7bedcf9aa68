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

    long linear(Cpu cpu, int bytes) { return cpu.address(segment, cpu.r[Cpu.RDI] & mask, bytes, true); }

    /** Faults as the store would. A mask of zeros reaches nothing. */
    static void probe(Cpu cpu, long at, long mask) {
        for (int i = 0; i < 8; i++) {
            if ((byte) (mask >>> 8 * i) < 0) {
                cpu.mmu.probeStore(cpu.wrap(at + i), 1);
            }
        }
    }

    static void store(Cpu cpu, long at, long data, long mask) {
        for (int i = 0; i < 8; i++) {
            if ((byte) (mask >>> 8 * i) < 0) {
                cpu.mmu.store8(cpu.wrap(at + i), (int) (data >>> 8 * i) & 0xff);
            }
        }
    }
}
