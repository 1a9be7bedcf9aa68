/**
 * The interpreter: decoded blocks of steps, and the loop that runs them.
 *
 * <p>An instruction is decoded once into a {@link dev.sojourn.cpu.interpreter.Step}, chosen by its operand form; the step
 * loads the operands, calls the operation and stores the result. Start with {@link dev.sojourn.cpu.interpreter.Interpreter};
 * {@link dev.sojourn.cpu.interpreter.BlockCache} finds blocks and drops them when their code changes;
 * {@link dev.sojourn.cpu.interpreter.Binder} turns instructions into steps.
 *
 * <p>Invariants: a step that faults has changed nothing the guest can see, or can be run again; only the last step of a block
 * changes the instruction pointer.
 */
package dev.sojourn.cpu.interpreter;
