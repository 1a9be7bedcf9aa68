package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;

/** One decoded instruction, ready to run on any processor. */
abstract class Step {
    /** Where the instruction begins, in bytes from the start of its block. */
    int offset;

    /**
     * Runs it. The instruction pointer is at the end of the block; the last step may change it.
     *
     * @throws dev.sojourn.cpu.GuestFault the interpreter puts the instruction pointer back
     */
    abstract void run(Cpu cpu);
}
