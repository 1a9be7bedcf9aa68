package dev.sojourn.cpu;

/** A way to run guest instructions. */
public interface Engine {
    /**
     * Runs one processor until it has executed so many instructions, no more, or halts, pauses or shuts down. Interrupts are
     * taken on the way: behind the instruction that lets them in.
     */
    void run(Cpu cpu, long instructions);
}
