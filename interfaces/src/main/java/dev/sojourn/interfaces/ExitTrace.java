package dev.sojourn.interfaces;

/** Told of every exit of a machine: whatever its guest does that the machine around the processor answers. */
public interface ExitTrace {
    /** Nobody listens, and nothing is measured. */
    ExitTrace NONE = _ -> {};

    /** What made the processor turn to the machine. */
    enum Kind { HYPERCALL, MSR_READ, MSR_WRITE, PORT_IN, PORT_OUT, MEMORY_READ, MEMORY_WRITE, CPUID, HALT, INTERRUPT }

    /**
     * One exit.
     *
     * @param processor its id
     * @param nanos when, by the machine's clock
     * @param ofInterface whether the interface served it, rather than a chip or the processor model
     * @param call what was called, by which arguments
     * @param result what it gave: the accumulator, or the register read; 0 where there is none
     * @param refused whether the guest was told that there is no such thing
     * @param tookNanos how long it took the host
     */
    record Exit(int processor, long nanos, Kind kind, boolean ofInterface, CallText call, long result, boolean refused,
            long tookNanos) {}

    void exit(Exit exit);
}
