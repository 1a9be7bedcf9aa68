package dev.sojourn.cpu;

/**
 * What a processor asks of the machine around it. The processor knows no chip and no interface by name.
 *
 * <p>No method has a body: who stands between a processor and its machine passes all of them on, and cannot forget one.
 */
public interface Hooks {
    /** @param bytes 1, 2 or 4; the upper bits of the answer do not count */
    int portIn(int port, int bytes);

    void portOut(int port, int bytes, int value);

    /** Whether a port is open to a program that its privilege level and permission map keep from it. */
    boolean portOpen(int port, int bytes);

    /** Reads guest-physical memory that is not RAM. @param bytes 1, 2, 4 or 8 */
    long memoryIn(long physical, int bytes);

    void memoryOut(long physical, int bytes, long value);

    /** Answers CPUID. @param registers EAX, EBX, ECX, EDX */
    void cpuid(Cpu cpu, int leaf, int subleaf, int[] registers);

    /** Reads a model-specific register the processor itself does not hold. @throws GuestFault #GP(0) if there is none */
    long readMsr(Cpu cpu, int index);

    void writeMsr(Cpu cpu, int index, long value);

    /** The time-stamp counter before IA32_TSC_ADJUST. */
    long timeStamp();

    /** IA32_TSC or IA32_TSC_ADJUST was written. */
    void timeStampChanged(Cpu cpu);

    /** A random number, from the machine's recorded source (RDRAND, RDSEED). */
    long random();

    /** The local APIC's task priority, as CR8 has it: 0 to 15. */
    int taskPriority(Cpu cpu);

    void taskPriority(Cpu cpu, int priority);

    /** Whether a maskable interrupt waits. */
    boolean hasInterrupt(Cpu cpu);

    /** Takes the waiting interrupt. @return its vector; -1 if it went away */
    int acknowledge(Cpu cpu);

    /** VMCALL or VMMCALL. @return false for #UD */
    boolean hypercall(Cpu cpu);

    /** A fault of segments (#TS, #NP, #SS, #GP) is about to be delivered: who knows better may move the instruction pointer. */
    default void faults(Cpu cpu) {}
}
