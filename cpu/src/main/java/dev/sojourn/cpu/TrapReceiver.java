package dev.sojourn.cpu;

/**
 * Takes what a processor would otherwise deliver by the tables of its guest: the hypervisor of a guest whose kernel runs at
 * level 3. A processor without one ({@link Cpu#traps}) pays nothing for it.
 */
public interface TrapReceiver {
    /**
     * An exception, with the instruction pointer as the manual says. The receiver delivers it, or does what the instruction
     * was to do and moves on.
     */
    void exception(Cpu cpu, int vector, int errorCode);

    /** INT n, INT3 or INTO; the instruction pointer is behind it. @throws GuestFault if the guest may not use the vector */
    void software(Cpu cpu, int vector);

    /** The interrupt that {@link Hooks#acknowledge} gave. */
    void interrupt(Cpu cpu, int vector);

    /** SYSCALL in 64-bit code; the instruction pointer is behind it. */
    void systemCall(Cpu cpu);

    /** SYSENTER; the instruction pointer is behind it. @throws GuestFault #GP(0) if nobody takes it */
    void systemEnter(Cpu cpu);
}
