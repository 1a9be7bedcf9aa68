package dev.sojourn.cpu;

/** The I/O permission bit map in the task state segment (SDM volume 1, 17.5.2). */
final class PortPermission {
    private static final int MAP_BASE = 0x66;

    private PortPermission() {}

    static void check(Cpu cpu, int port, int bytes) {
        SegmentRegister tr = cpu.tr;
        int type = tr.attributes & 15;
        boolean usable = !tr.unusable && (type == Descriptor.TSS || type == Descriptor.TSS_BUSY) && tr.limit >= MAP_BASE + 1;
        if (usable) {
            long at = cpu.mmu.loadSystem(tr.base + MAP_BASE, 2) + (port >> 3);
            if (at + 1 <= tr.limit) {
                long map = cpu.mmu.loadSystem(tr.base + at, 2);
                if ((map >> (port & 7) & (1 << bytes) - 1) == 0) {
                    return;
                }
            }
        }
        if (!cpu.hooks.portOpen(port, bytes)) {
            throw cpu.fault(Vector.GP, 0);
        }
    }
}
