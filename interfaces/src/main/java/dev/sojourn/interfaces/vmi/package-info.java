/**
 * The Virtual Machine Interface of 2006, API 3.0, for 32-bit kernels: an option ROM, "the blob", whose code implements the calls.
 *
 * <p>Start with {@link dev.sojourn.interfaces.vmi.VmiInterface}. {@code Call} is the call table, {@code Rom} lays an image out,
 * {@code Routines} and its siblings are what stands in it, written in {@code Assembler}. A blob that needs the host says so by VMCALL
 * followed by a no-operation that carries the call's number; {@code HostCalls} serves these. The kernel runs at level 0 with its own
 * descriptor and page tables, which the processor walks as they are, so no address space is reserved.
 *
 * <p>Invariants: an image follows from its {@code Blob} alone; its code is position independent; its bytes are part of the machine
 * type. docs/vmi.md says what each blob answers, docs/vmi-rom.md lists their code.
 */
package dev.sojourn.interfaces.vmi;
