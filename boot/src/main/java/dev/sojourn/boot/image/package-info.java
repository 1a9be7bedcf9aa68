/**
 * Linux kernel images: what a file is, what its headers say, and the ELF kernel inside it.
 *
 * <p>Nothing here knows a machine or its memory; placing an image is {@code dev.sojourn.boot}'s work. Start with
 * {@link dev.sojourn.boot.image.KernelImage}. Invariant: whatever bytes come in, the outcome is an image whose offsets
 * lie inside it or one {@link dev.sojourn.boot.image.BadImage}.
 */
package dev.sojourn.boot.image;
