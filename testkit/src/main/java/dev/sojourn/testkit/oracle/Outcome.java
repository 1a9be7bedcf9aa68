package dev.sojourn.testkit.oracle;

/**
 * The state in which a case ended, and how.
 *
 * @param after RIP is that of the faulting instruction, or of the INT3 that ended the case
 */
public record Outcome(ProcessorState after, Fault fault) {
    /** Whether the case came to an end that can be compared: it did not stray, and it did end. */
    public boolean isComparable() { return !fault.equals(Fault.STRAYED) && !fault.equals(Fault.TIMEOUT); }

    /**
     * The outcome for a state as an exception handler sees it: a breakpoint outside of the case's own code is the end,
     * and RIP goes back to it.
     */
    public static Outcome of(Case c, ProcessorState seen, Fault fault) {
        if (fault.vector() == Fault.BREAKPOINT && !c.owns(seen.rip() - 1)) {
            ProcessorState after = new ProcessorState(seen.rip() - 1, seen.rflags(), seen.general(), seen.fx(),
                    seen.windows());
            return new Outcome(after, Fault.NONE);
        }
        return new Outcome(seen, fault);
    }
}
