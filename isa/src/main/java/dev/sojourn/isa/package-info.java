/**
 * The x86 instruction set as data: what each opcode is called, which operands it takes, and how its bytes are read.
 *
 * <p>No state and no meaning: what an operation computes lives with the processor. Start with
 * {@link dev.sojourn.isa.OpcodeTable} (the rows) and {@link dev.sojourn.isa.Decoder} (bytes to
 * {@link dev.sojourn.isa.Instruction}). Invariant: decoding never fails; bytes that are no instruction decode to
 * {@link dev.sojourn.isa.Op#INVALID}.
 */
package dev.sojourn.isa;
