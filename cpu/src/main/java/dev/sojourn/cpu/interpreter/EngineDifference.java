package dev.sojourn.cpu.interpreter;

/** Compiled code did not do what the interpreter does: an error of ours, with what it takes to see it again. */
@SuppressWarnings("serial")
public final class EngineDifference extends RuntimeException {
    private final transient Reproducer reproducer;

    EngineDifference(String difference, Reproducer reproducer) {
        super(difference);
        this.reproducer = reproducer;
    }

    public Reproducer reproducer() { return reproducer; }
}
