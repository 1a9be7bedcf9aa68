package dev.sojourn.interfaces.xen;

/** The virtual interrupts (public/xen.h, {@code VIRQ_*}). */
final class Virq {
    static final int TIMER = 0;
    static final int COUNT = 24;

    private static final int DEBUG = 1;
    private static final int XENOPROF = 7;
    private static final int XENPMU = 13;
    private static final int ARCH_FIRST = 16;

    private Virq() {}

    /** Whether each vCPU has its own; else there is one, which vCPU 0 binds. */
    static boolean isPerVcpu(int virq) {
        return virq == TIMER || virq == DEBUG || virq == XENOPROF || virq == XENPMU || virq >= ARCH_FIRST;
    }
}
