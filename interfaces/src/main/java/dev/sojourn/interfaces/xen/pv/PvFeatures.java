package dev.sojourn.interfaces.xen.pv;

/** Which processor features a paravirtual guest is not told of: those that only a kernel at level 0 could use. */
final class PvFeatures {
    /** MONITOR, DTES64, VMX, SMX, PCID, x2APIC, TSC deadline. */
    private static final int NO_1_ECX = bits(2, 3, 5, 6, 17, 21, 24);
    /** VME, PSE, MCE, SEP, MTRR, PGE, MCA, PSE-36. */
    private static final int NO_1_EDX = bits(1, 3, 7, 11, 12, 13, 14, 17);
    /** FSGSBASE, TSC_ADJUST, SMEP, INVPCID, SMAP. */
    private static final int NO_7_EBX = bits(0, 1, 7, 10, 20);
    /** UMIP, PKU, LA57. */
    private static final int NO_7_ECX = bits(2, 3, 16);
    /** Pages of a GiB. */
    private static final int NO_EXTENDED_EDX = bits(26);
    private static final int XSAVE = bits(26);
    private static final int OSXSAVE = bits(27);

    private PvFeatures() {}

    private static int bits(int... numbers) {
        int value = 0;
        for (int number : numbers) {
            value |= 1 << number;
        }
        return value;
    }

    static void mask(int leaf, int subleaf, int[] registers) {
        switch (leaf) {
            case 1 -> {
                // The hypervisor has switched XSAVE on; a kernel that does not see that leaves it alone.
                registers[2] = registers[2] & ~NO_1_ECX | ((registers[2] & XSAVE) != 0 ? OSXSAVE : 0);
                registers[3] &= ~NO_1_EDX;
            }
            case 7 -> {
                if (subleaf == 0) {
                    registers[1] &= ~NO_7_EBX;
                    registers[2] &= ~NO_7_ECX;
                }
            }
            case 0x8000_0001 -> registers[3] &= ~NO_EXTENDED_EDX;
            default -> {}
        }
    }
}
