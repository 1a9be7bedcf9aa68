package dev.sojourn.interfaces.xen;

/** What differs between the kinds of guests: how they are told of events, own memory, and start vCPUs. */
public interface Kind {
    /** The bits of features (public/features.h). */
    int features();

    /** Pages of RAM the guest has. */
    long pages();

    /** Where the hypervisor begins in the guest's addresses; 0 if it is not there. */
    long virtualStart();

    /** Whether the mask byte of a vCPU holds its events back; else the processor's interrupt flag does. */
    boolean usesMask();

    /** The vCPU's pending byte has just been set. */
    void raised(Vcpu vcpu);

    /** vcpu_op initialise: the state a vCPU starts in. */
    long initialise(Vcpu caller, Vcpu vcpu, long context);

    /** memory_op. */
    long memory(Vcpu caller, long command, long argument);

    /** A call that is not one of all kinds'. */
    long call(Vcpu caller, int number, long a, long b, long c, long d);

    /** Serves the call once more from the next instruction on, with a list whose first entries are done. */
    void again(Vcpu caller, long list, long count);
}
