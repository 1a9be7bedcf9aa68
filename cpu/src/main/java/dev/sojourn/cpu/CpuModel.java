package dev.sojourn.cpu;

/** The one processor model there is: x86-64-v2 with what docs/architecture.md lists. Its numbers belong to machine types. */
public final class CpuModel {
    /** Family 6, model 44, stepping 2: CPUID 1 EAX, and EDX after a reset. */
    public static final int SIGNATURE = 0x206c2;

    private CpuModel() {}
}
