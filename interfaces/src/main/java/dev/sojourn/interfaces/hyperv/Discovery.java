package dev.sojourn.interfaces.hyperv;

/** The CPUID leaves (TLFS 2.4). */
final class Discovery {
    private static final int SIGNATURE = 0x4000_0000;
    private static final int INTERFACE = 0x4000_0001;
    private static final int VERSION = 0x4000_0002;
    private static final int FEATURES = 0x4000_0003;
    private static final int HINTS = 0x4000_0004;
    private static final int LIMITS = 0x4000_0005;
    private static final int HARDWARE = 0x4000_0006;

    private static final int VP_RUNTIME = 1;
    private static final int TIME_REF_COUNT = 1 << 1;
    private static final int SYNIC = 1 << 2;
    private static final int SYNTIMER = 1 << 3;
    private static final int APIC_ACCESS = 1 << 4;
    private static final int HYPERCALL = 1 << 5;
    private static final int VP_INDEX = 1 << 6;
    private static final int RESET = 1 << 7;
    private static final int REFERENCE_TSC = 1 << 9;
    private static final int GUEST_IDLE = 1 << 10;
    private static final int FREQUENCIES = 1 << 11;
    private static final int REGISTERS = VP_RUNTIME | TIME_REF_COUNT | SYNIC | SYNTIMER | APIC_ACCESS | HYPERCALL | VP_INDEX
            | RESET | REFERENCE_TSC | GUEST_IDLE | FREQUENCIES;

    private static final int GUEST_IDLE_STATE = 1 << 5;
    private static final int FREQUENCY_MSRS = 1 << 8;
    private static final int DIRECT_TIMERS = 1 << 19;
    private static final int MISCELLANEOUS = GUEST_IDLE_STATE | FREQUENCY_MSRS | DIRECT_TIMERS;

    private static final int REMOTE_FLUSH = 1 << 2;
    private static final int APIC_MSRS = 1 << 3;
    private static final int RELAXED_TIMING = 1 << 5;
    private static final int NO_AUTO_EOI = 1 << 9;
    private static final int CLUSTER_IPI = 1 << 10;
    private static final int PROCESSOR_SETS = 1 << 11;
    private static final int RECOMMENDED = REMOTE_FLUSH | APIC_MSRS | RELAXED_TIMING | NO_AUTO_EOI | CLUSTER_IPI
            | PROCESSOR_SETS;

    private static final int HYPERVISOR = 1 << 31;
    private static final int POWER_LEAF = 0x8000_0007;
    private static final int INVARIANT_TSC = 1 << 8;

    private static final int BUILD = 20348;
    private static final int SPINS = 0xfff;
    private static final int PHYSICAL_BITS = 40;
    private static final int PROCESSORS_MAX = 64;

    private Discovery() {}

    static void cpuid(int leaf, int[] registers) {
        switch (leaf) {
            case 1 -> registers[2] |= HYPERVISOR;
            case POWER_LEAF -> registers[3] &= ~INVARIANT_TSC;
            case SIGNATURE -> set(registers, HARDWARE, 0x7263_694d, 0x666f_736f, 0x7648_2074);     // Microsoft Hv
            case INTERFACE -> set(registers, 0x3123_7648, 0, 0, 0);                                // Hv#1
            case VERSION -> set(registers, BUILD, 10 << 16, 0, 0);
            case FEATURES -> set(registers, REGISTERS, 0, 0, MISCELLANEOUS);
            case HINTS -> set(registers, RECOMMENDED, SPINS, PHYSICAL_BITS, 0);
            case LIMITS -> set(registers, PROCESSORS_MAX, PROCESSORS_MAX, 0, 0);
            case HARDWARE -> set(registers, 0, 0, 0, 0);
            default -> {}
        }
    }

    private static void set(int[] registers, int eax, int ebx, int ecx, int edx) {
        registers[0] = eax;
        registers[1] = ebx;
        registers[2] = ecx;
        registers[3] = edx;
    }
}
