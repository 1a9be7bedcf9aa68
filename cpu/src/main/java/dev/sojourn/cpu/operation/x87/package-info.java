/**
 * The x87 floating-point unit: true 80-bit arithmetic and the instructions D8 to DF.
 *
 * <p>Start with {@link dev.sojourn.cpu.operation.x87.X87}, the register file, then
 * {@link dev.sojourn.cpu.operation.x87.X87Instructions}, which says what each encoding does. The {@code Float80}
 * classes compute; they take operands as a significand and a word of sign and exponent, and write the result to a
 * register.
 *
 * <p>Not here: memory, addresses, CR0 and the delivery of #NM and #MF. The caller loads and stores, and asks
 * {@link dev.sojourn.cpu.operation.x87.X87#exceptionPending()} before an instruction that waits.
 *
 * <p>Invariants: nothing is allocated and nothing is thrown; every bit pattern of every operand is legal input. An
 * operation that returns {@code false} met an unmasked exception before it had a result: no register, tag or stack top
 * has changed, only the status word (SDM volume 1, chapter 8).
 */
package dev.sojourn.cpu.operation.x87;
