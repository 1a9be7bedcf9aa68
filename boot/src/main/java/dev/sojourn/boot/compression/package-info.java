/**
 * The compressions that kernels and archives come in: recognised by their first bytes, undone within a bound.
 *
 * <p>Start with {@link dev.sojourn.boot.compression.Compression}. Invariant: whatever the input says, no more memory is
 * taken than the caller's bound and a fixed working set; whatever is wrong with the input is an {@code IOException}.
 */
package dev.sojourn.boot.compression;
