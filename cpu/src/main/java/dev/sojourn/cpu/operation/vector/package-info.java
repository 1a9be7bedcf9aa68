/**
 * What MMX and SSE instructions compute, up to SSE4.2: static methods over primitives, named as in the manual.
 *
 * <p>A 64-bit half is one {@code long}; an XMM register is two, low and high. An operation whose halves do not meet
 * is one method that serves an MMX register and each half of an XMM register alike. Where halves meet there is a
 * method for each half of the result ({@code pshufdLow}, {@code pshufdHigh}). Packs and horizontal sums take the two
 * halves of one source and give one half of the result: for XMM registers the low half comes of the destination's
 * halves and the high half of the source's; for MMX registers the two arguments are destination and source.
 *
 * <p>Floating-point values are their bits, so that a NaN keeps its payload. All state is in the {@link
 * dev.sojourn.cpu.operation.vector.Mxcsr} passed in: an operation raises flags there, and the caller settles them
 * before it writes the destination.
 *
 * <p>Start with {@link dev.sojourn.cpu.operation.vector.Lanes}, then
 * {@link dev.sojourn.cpu.operation.vector.FloatArithmetic}.
 */
package dev.sojourn.cpu.operation.vector;
