package dev.sojourn.interfaces;

import dev.sojourn.cpu.Cpu;

/** One interface: what it adds to, or changes of, a plain PC. One instance serves one machine. */
public interface GuestInterface {
    /** By which users choose it. */
    String name();

    /** Answers or amends CPUID; {@code registers} hold what the processor model says. */
    void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers);

    /** Serves VMCALL or VMMCALL. @return false where there is no such call: #UD */
    boolean hypercall(Cpu cpu);
}
