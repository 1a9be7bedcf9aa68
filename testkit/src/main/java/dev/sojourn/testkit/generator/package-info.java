/**
 * Random cases over the instructions of a user program on x86-64-v2.
 *
 * <p>{@link dev.sojourn.testkit.generator.Rows} lists every instruction with its operands in the manual's letters;
 * {@link dev.sojourn.testkit.generator.Generator} makes a case of a row and a seed, always the same one. The lists are
 * written apart from the decoder on purpose: an opcode missing there must not be missing here too.
 *
 * <p>Left out: what depends on the host (CPUID, RDTSC, RDRAND, XSAVE, SGDT and its like), system calls, loads of
 * segment registers, FS and GS in compatibility mode, and F2 or F3 where they mean nothing on x86-64-v2 but something on
 * newer processors.
 */
package dev.sojourn.testkit.generator;
