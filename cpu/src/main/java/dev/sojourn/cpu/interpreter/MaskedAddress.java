package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;

/** The memory at rDI that MASKMOVDQU and MASKMOVQ write, byte by byte where the mask's sign bits say so. */
final class MaskedAddress {
    private final int segment;
    private final long mask;

    MaskedAddress(Instruction i) {
        segment = Cpu.baseIndex(i.mode, i.segment);
        mask = Address.mask(i.addressBytes);
    }

    long linear(Cpu cpu, int bytes) { return cpu.address(segment, cpu.r[Cpu.RDI] & mask, bytes, true); }

    /** Faults as the store would, with the address of the 8 bytes. A mask of zeros reaches nothing. */
    static void probe(Cpu cpu, long at, long mask) {
        int inPage = GuestMemory.PAGE_BYTES - (int) (at & GuestMemory.PAGE_BYTES - 1);
        for (int i = 0; i < 8; i++) {
            if ((byte) (mask >>> 8 * i) < 0) {
                cpu.mmu.probeStore(i < inPage ? at : cpu.wrap(at + inPage), 1);
            }
        }
    }

    /** The same of 16 bytes: in one page it is the address of the upper 8 that faults. */
    static void probe(Cpu cpu, long at, long low, long high) {
        if ((at & GuestMemory.PAGE_BYTES - 1) <= GuestMemory.PAGE_BYTES - 16) {
            probe(cpu, at + 8, low | high);
        } else {
            probe(cpu, cpu.wrap(at + 8), high);
            probe(cpu, at, low);
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
