package dev.sojourn.interfaces.kvm;

/** The CPUID leaves: signature and feature word. */
final class Discovery {
    static final int SIGNATURE = 0x4000_0000;
    static final int FEATURES = 0x4000_0001;

    static final int CLOCKSOURCE = 1;
    static final int NOP_IO_DELAY = 1 << 1;
    static final int CLOCKSOURCE_2 = 1 << 3;
    static final int STEAL_TIME = 1 << 5;
    static final int PV_EOI = 1 << 6;
    static final int PV_UNHALT = 1 << 7;
    static final int PV_TLB_FLUSH = 1 << 9;
    static final int PV_SEND_IPI = 1 << 11;
    static final int PV_SCHED_YIELD = 1 << 13;
    static final int CLOCKSOURCE_STABLE = 1 << 24;

    private static final int OFFERED = CLOCKSOURCE | NOP_IO_DELAY | CLOCKSOURCE_2 | STEAL_TIME | PV_EOI | PV_UNHALT
            | PV_TLB_FLUSH | PV_SEND_IPI | PV_SCHED_YIELD | CLOCKSOURCE_STABLE;

    private static final int HYPERVISOR = 1 << 31;
    private static final int POWER_LEAF = 0x8000_0007;
    private static final int INVARIANT_TSC = 1 << 8;

    private Discovery() {}

    static void cpuid(int leaf, int[] registers) {
        switch (leaf) {
            case 1 -> registers[2] |= HYPERVISOR;
            case POWER_LEAF -> registers[3] &= ~INVARIANT_TSC;
            case SIGNATURE -> {
                registers[0] = FEATURES;
                registers[1] = 0x4b4d_564b;     // KVMK
                registers[2] = 0x564b_4d56;     // VMKV
                registers[3] = 0x0000_004d;     // M
            }
            case FEATURES -> {
                registers[0] = OFFERED;
                registers[1] = 0;
                registers[2] = 0;
                registers[3] = 0;
            }
            default -> {}
        }
    }
}
