package dev.sojourn.machine;

/** The machine has ended its run, or does before it could stand still. */
public final class MachineEnded extends Exception {
    private static final long serialVersionUID = 1;

    MachineEnded() { super("The guest has ended."); }
}
