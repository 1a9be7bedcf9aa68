package dev.sojourn.interfaces;

import dev.sojourn.cpu.GuestFault;
import dev.sojourn.state.Stateful;
import java.util.Optional;

/**
 * What a guest sees of an interface on one processor. What is not overridden is as on a plain PC.
 *
 * <p>Calls come while an instruction runs, with the processor's registers as the guest left them; a fault is thrown before
 * anything has changed. The instruction pointer is already at the next instruction.
 */
public interface ProcessorSide {
    /** Answers or amends CPUID; {@code registers} hold what the processor model says. */
    default void cpuid(int leaf, int subleaf, int[] registers) {}

    /** Whether a model-specific register is the interface's. One that is not may be the machine's. */
    default boolean hasMsr(int index) { return false; }

    /** @throws GuestFault #GP(0) if it cannot be read */
    default long readMsr(int index) { throw new AssertionError(index); }

    /** @throws GuestFault #GP(0) if it cannot be written, or not with this value */
    default void writeMsr(int index, long value) { throw new AssertionError(index); }

    /** Whether a port is a call of the interface's, by accesses of that size; it is then open at every privilege level. */
    default boolean hasPort(int port, int bytes) { return false; }

    /** @return what the accumulator gets; other registers are the call's own to change */
    default int portIn(int port, int bytes) { throw new AssertionError(port); }

    default void portOut(int port, int bytes, int value) { throw new AssertionError(port); }

    /** Serves VMCALL or VMMCALL, at any privilege level. */
    default CallOutcome hypercall() { return CallOutcome.ABSENT; }

    /** What a hypercall, or a port call if {@code port} is one, asks by its registers: for the trace, before it is served. */
    default CallText describe(int port) { return CallText.UNKNOWN; }

    /** The name of a register that {@link #hasMsr} has. */
    default String msrName(int index) { return "MSR 0x" + Integer.toHexString(index); }

    /** Whether the interface has an interrupt of its own for the processor, before those of the local APIC. */
    default boolean hasInterrupt() { return false; }

    /** Takes that interrupt. @return its vector */
    default int acknowledge() { throw new AssertionError(); }

    /** What of it is this processor's, to be saved; nothing if it cannot be, and then the machine cannot. */
    default Optional<Stateful> state() { return Optional.empty(); }

    /** Its turn begins. */
    default void enter() {}

    /** Its turn is over; {@code cpu.halted} tells whether it waits. */
    default void leave() {}

    /** The processor took an interrupt from its local APIC. */
    default void interruptTaken(int vector) {}

    /** The local APIC is about to be accessed, or to request an interrupt: what the guest settled without it is settled. */
    default void settleInterrupts() {}

    /** How a start-up message finds a processor that waits for one. */
    enum StartupOutcome {
        /** It starts in real mode, as in a PC. */
        REAL_MODE,

        /** It starts with the registers it has, which the interface has set. */
        PREPARED,

        /** It goes on waiting. */
        IGNORED
    }

    default StartupOutcome startup() { return StartupOutcome.REAL_MODE; }

    /** A fault of segments is about to be delivered; the instruction pointer may be moved to where the guest expects it. */
    default void faults() {}

    /** INIT: registers that a reset clears are clear. */
    default void reset() {}

    /** The guest wrote the time-stamp counter, or its adjustment. */
    default void timeStampChanged() {}
}
