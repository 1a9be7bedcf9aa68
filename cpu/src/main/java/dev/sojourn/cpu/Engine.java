package dev.sojourn.cpu;

/** A way to run guest instructions. */
public interface Engine {
    /**
     * Runs one processor until it has executed about so many instructions, halts, pauses or shuts down. Interrupts are taken
     * on the way.
     */
    void run(Cpu cpu, long instructions);
}
