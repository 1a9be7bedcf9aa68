package dev.sojourn.interfaces.xen;

import dev.sojourn.device.Frequency;

/** What CPUID says of Xen (public/arch-x86/cpuid.h). */
public final class XenLeaves {
    public static final int BASE = 0x4000_0000;
    /** The register that fills a page with hypercall stubs. */
    public static final int PAGE_MSR = 0x4000_0000;
    /** Leaf 4: vCPU and domain are told; events may come by a vector of each vCPU's own. */
    private static final int HVM_FEATURES = 1 << 3 | 1 << 4 | 1 << 6;

    private static final int LAST = BASE + 5;
    private static final int HYPERVISOR = 1 << 31;
    private static final int LEAVES_END = BASE + 0x100;
    private static final int TSC_RELIABLE = 1 << 1;
    private static final int TSC_RDTSCP = 1 << 2;
    private static final int PRESERVE_AD = 1;

    private final boolean translated;
    private final GuestTime time;
    private final int kilohertz;
    private final int addressBits;

    /** @param translated whether the hypervisor translates the guest's memory @param addressBits of machine addresses */
    public XenLeaves(boolean translated, Frequency counter, int addressBits) {
        this.translated = translated;
        time = GuestTime.of(counter);
        kilohertz = (int) (counter.hertz() / 1000);
        this.addressBits = addressBits;
    }

    /** Answers or amends a leaf. */
    public void cpuid(int vcpu, int leaf, int subleaf, int[] out) {
        if (leaf == 1) {
            out[2] |= HYPERVISOR;
        } else if (leaf >= BASE && leaf < LEAVES_END) {
            switch (leaf - BASE) {
                case 0 -> set(out, LAST, 0x566e_6558, 0x6558_4d4d, 0x4d4d_566e);
                case 1 -> set(out, VersionCalls.MAJOR << 16 | VersionCalls.MINOR, 0, 0, 0);
                case 2 -> set(out, 1, PAGE_MSR, translated ? 0 : PRESERVE_AD, 0);
                case 3 -> time(subleaf, out);
                case 4 -> set(out, translated ? HVM_FEATURES : 0, translated ? vcpu : 0, translated ? Domain.ID : 0, 0);
                case 5 -> set(out, 0, translated ? 0 : addressBits, 0, 0);
                default -> set(out, 0, 0, 0, 0);
            }
        }
    }

    private void time(int subleaf, int[] out) {
        switch (subleaf) {
            case 0 -> set(out, TSC_RELIABLE | TSC_RDTSCP, 0, kilohertz, 0);
            case 1 -> set(out, 0, 0, time.multiplier(), time.shift() & 0xff);
            case 2 -> set(out, kilohertz, 0, 0, 0);
            default -> set(out, 0, 0, 0, 0);
        }
    }

    private static void set(int[] out, int eax, int ebx, int ecx, int edx) {
        out[0] = eax;
        out[1] = ebx;
        out[2] = ecx;
        out[3] = edx;
    }
}
