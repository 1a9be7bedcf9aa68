/**
 * A small x86 assembler: programs written as Java statements, turned into bytes or into an ELF file.
 *
 * <p>It knows what tests, bare-metal guests, ROM routines and tiny init programs need, in 16, 32 and 64-bit code, and picks plain
 * encodings: branches to labels are always near. It is not a checker: whoever writes an operand the processor lacks
 * gets an exception where that is cheap and wrong bytes where it is not. It must not share code with the decoder it
 * helps to test. Start reading at {@link dev.sojourn.assembler.Assembler}.
 */
package dev.sojourn.assembler;
