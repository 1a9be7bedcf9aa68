package dev.sojourn.machine;

/** The numbered sums of all that a guest can see. A released one never changes. */
public enum MachineType {
    /** A PC with an x86-64-v2 processor; not yet released. */
    SOJOURN_1("sojourn-1");

    private final String id;

    MachineType(String id) { this.id = id; }

    /** By which users name it. */
    public String id() { return id; }
}
