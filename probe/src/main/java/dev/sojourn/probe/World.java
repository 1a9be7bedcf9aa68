package dev.sojourn.probe;

/**
 * How the probe guest comes to be in 64-bit mode, catches its faults and says what it has found, on a kind of machine.
 */
interface World {
    /** Emits the entry, the routine "flush" that gives the line out, and the way to the code behind. */
    void enter();

    /** Emits the end of the run, and the data of what {@link #enter} emitted. @return the kernel file */
    byte[] finish();
}
