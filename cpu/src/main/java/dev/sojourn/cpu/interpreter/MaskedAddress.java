package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;

/** The memory at rDI that MASKMOVDQU and MASKMOVQ write, byte by byte where the mask's sign bits say so. */
final class MaskedAddress {
    private static final int PAGE_BYTES = 4096;

    private final int segment;
    private final long mask;

    MaskedAddress(Instruction i) {
        segment = Cpu.baseIndex(i.mode, i.segment);
        mask = Address.mask(i.addressBytes);
    }

    long linear(Cpu cpu, int bytes) {
        long at = cpu.address(segment, cpu.r[Cpu.RDI] & mask, bytes, true);
        cpu.mmu.align(at, bytes);
        return at;
    }

    /** Faults as the store would: at its start in the page in question. A mask of zeros reaches nothing. */
    static void probe(Cpu cpu, long at, long mask) {
        int inPage = (int) Math.min(8, PAGE_BYTES - (at & PAGE_BYTES - 1));
        long signs = mask & 0x8080_8080_8080_8080L;
        if (signs << 64 - 8 * inPage != 0) {
            cpu.mmu.probeStore(at, 1);
        }
        if (inPage < 8 && signs >>> 8 * inPage != 0) {
            cpu.mmu.probeStore(cpu.wrap(at + inPage), 1);
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
