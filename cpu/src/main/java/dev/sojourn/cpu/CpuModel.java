package dev.sojourn.cpu;

/**
 * What CPUID says of the processors of a machine (SDM volume 2, CPUID): what all types have in common, and what makes one.
 *
 * <p>x86-64-v2 with NX, 1-GiB pages, RDTSCP, RDRAND, SMEP, invariant TSC and TSC deadline; no known hardware fault needs a
 * workaround. Frequencies are stated, so that a guest calibrates nothing. Nothing here comes from the host.
 */
public final class CpuModel {
    /** Family 6, model 44, stepping 2: CPUID 1 EAX, and EDX after a reset. */
    public static final int SIGNATURE = 0x206c2;

    public static final long TSC_HERTZ = 1_000_000_000;

    /** The crystal: the clock of the APIC timer. */
    public static final int CRYSTAL_HERTZ = 25_000_000;

    /** IA32_ARCH_CAPABILITIES: none of the speculative-execution faults is present. */
    public static final long ARCH_CAPABILITIES = bits(0, 1, 3, 4, 5, 6, 8, 13, 14, 15, 20, 24, 26, 27, 62);

    /** Performance counters: the architectural ones of version 1, with no event that they could count (SDM volume 3, 19.2). */
    public static final int COUNTERS = 2;
    static final int COUNTER_BITS = 40;

    private static final int MAX_BASIC = 0x16;
    private static final int MAX_EXTENDED = 0x8000_0008;

    /** SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT, TSC deadline, XSAVE, RDRAND. */
    private static final int FEATURES_1_ECX = (int) bits(0, 9, 13, 19, 20, 23, 24, 26, 30);

    /** FPU, DE, PSE, TSC, MSR, PAE, CX8, APIC, SEP, MTRR, PGE, CMOV, PAT, PSE-36, CLFLUSH, MMX, FXSR, SSE, SSE2, HTT. */
    private static final int FEATURES_1_EDX =
            (int) bits(0, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 15, 16, 17, 19, 23, 24, 25, 26, 28);

    /** TSC_ADJUST, SMEP, ERMS, RDSEED. */
    private static final int FEATURES_7_EBX = (int) bits(1, 7, 9, 18);

    /** FSRM, IBRS, STIBP, ARCH_CAPABILITIES. */
    private static final int FEATURES_7_EDX = (int) bits(4, 26, 27, 29);

    /** SYSCALL, NX, 1-GiB pages, RDTSCP, long mode. */
    private static final int FEATURES_EXTENDED_EDX = (int) bits(11, 20, 26, 27, 29);

    /** The x87 and SSE state and its header: all that XSAVE handles here. */
    private static final int XSAVE_BYTES = 576;

    private final ProcessorType type;
    private final int cpus;

    /** @param cpus processors in the machine, each a core of one package */
    public CpuModel(ProcessorType type, int cpus) {
        this.type = type;
        this.cpus = cpus;
    }

    public ProcessorType type() { return type; }

    private static long bits(int... numbers) {
        long value = 0;
        for (int number : numbers) {
            value |= 1L << number;
        }
        return value;
    }

    /** Answers CPUID for the processor with an APIC id; a leaf that does not exist is all zeros. */
    public void cpuid(int leaf, int subleaf, int apicId, int[] out) {
        common(leaf, subleaf, apicId, out);
        type.advertise(leaf, subleaf, out);
    }

    private void common(int leaf, int subleaf, int apicId, int[] out) {
        switch (leaf) {
            case 0 -> set(out, MAX_BASIC, 0x756e_6547, 0x6c65_746e, 0x4965_6e69);
            case 1 -> set(out, SIGNATURE, apicId << 24 | cores() << 16 | 8 << 8, FEATURES_1_ECX, FEATURES_1_EDX);
            case 2 -> set(out, 0x00fe_ff01, 0, 0, 0);
            case 4 -> cache(subleaf, out);
            case 6 -> set(out, 1 << 2, 0, 0, 0);
            case 7 -> set(out, 0, subleaf == 0 ? FEATURES_7_EBX : 0, 0, subleaf == 0 ? FEATURES_7_EDX : 0);
            case 0xa -> set(out, COUNTER_BITS << 16 | COUNTERS << 8 | 1, 0, 0, 0);
            case 0xb -> topology(subleaf, apicId, out);
            case 0xd -> set(out, subleaf == 0 ? 3 : 0, subleaf == 0 ? XSAVE_BYTES : 0, subleaf == 0 ? XSAVE_BYTES : 0, 0);
            case 0x15 -> set(out, 1, (int) (TSC_HERTZ / CRYSTAL_HERTZ), CRYSTAL_HERTZ, 0);
            case 0x16 -> set(out, (int) (TSC_HERTZ / 1_000_000), (int) (TSC_HERTZ / 1_000_000), 100, 0);
            case 0x8000_0000 -> set(out, MAX_EXTENDED, 0, 0, 0);
            case 0x8000_0001 -> set(out, 0, 0, 1, FEATURES_EXTENDED_EDX);
            case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand(leaf - 0x8000_0002, out);
            case 0x8000_0006 -> set(out, 0, 0, 256 << 16 | 6 << 12 | 64, 0);
            case 0x8000_0007 -> set(out, 0, 0, 0, 1 << 8);
            case 0x8000_0008 -> set(out, 48 << 8 | PageWalk.PHYSICAL_BITS, 0, 0, 0);
            default -> set(out, 0, 0, 0, 0);
        }
    }

    /** The processors, rounded up to a power of two as APIC ids are counted. */
    private int cores() { return cpus == 1 ? 1 : Integer.highestOneBit(cpus - 1) << 1; }

    /** 32 KiB level 1 for data and code, 256 KiB level 2, 8 MiB level 3 shared by all. */
    private void cache(int subleaf, int[] out) {
        int common = cores() - 1 << 26;
        switch (subleaf) {
            case 0 -> set(out, common | 1 << 8 | 1 << 5 | 1, 7 << 22 | 63, 63, 0);
            case 1 -> set(out, common | 1 << 8 | 1 << 5 | 2, 7 << 22 | 63, 63, 0);
            case 2 -> set(out, common | 1 << 8 | 2 << 5 | 3, 7 << 22 | 63, 511, 0);
            case 3 -> set(out, common | cores() - 1 << 14 | 1 << 8 | 3 << 5 | 3, 15 << 22 | 63, 8191, 0);
            default -> set(out, 0, 0, 0, 0);
        }
    }

    private void topology(int subleaf, int apicId, int[] out) {
        switch (subleaf) {
            case 0 -> set(out, 0, 1, 1 << 8, apicId);
            case 1 -> set(out, Integer.numberOfTrailingZeros(cores()), cpus, 2 << 8 | 1, apicId);
            default -> set(out, 0, 0, subleaf & 0xff, apicId);
        }
    }

    private void brand(int part, int[] out) {
        String brand = type.brand();
        for (int i = 0; i < 4; i++) {
            out[i] = 0;
            for (int b = 0; b < 4; b++) {
                int at = part * 16 + i * 4 + b;
                out[i] |= at < brand.length() ? brand.charAt(at) << 8 * b : 0;
            }
        }
    }

    private static void set(int[] out, int eax, int ebx, int ecx, int edx) {
        out[0] = eax;
        out[1] = ebx;
        out[2] = ecx;
        out[3] = edx;
    }
}
