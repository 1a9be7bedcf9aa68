package dev.sojourn.machine;

/** How a run ended. */
public sealed interface Ending {
    /** The guest switched itself off. */
    record PoweredOff() implements Ending {}

    /** The guest asked for a reset. */
    record Reset() implements Ending {}

    /** A processor shut down: a fault while a double fault was delivered. */
    record TripleFault(String detail) implements Ending {}

    /** Every processor waits for an interrupt that none will accept. */
    record Halted() implements Ending {}

    /**
     * Compiled code did something else than the interpreter.
     *
     * @param difference what differs, a line each
     * @param reproducer a text by which it can be seen again: {@link dev.sojourn.cpu.interpreter.Reproducer}
     */
    record EnginesDiffer(String difference, String reproducer) implements Ending {}

    /** {@link Machine#stop} was called. */
    record Stopped() implements Ending {}
}
