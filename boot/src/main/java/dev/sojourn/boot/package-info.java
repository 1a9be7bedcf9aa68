/**
 * Putting a kernel into guest memory: which entry to use, what goes where, and the structures it is handed.
 *
 * <p>It executes nothing and knows no processor state beyond the few values of {@link dev.sojourn.boot.EntryState},
 * which whoever owns the processor puts into its registers. Start with {@link dev.sojourn.boot.Loader}; the memory
 * layout is written there. Invariant: nothing in guest memory comes from the host, and a plan that does not fit is
 * one {@link dev.sojourn.boot.image.BadImage} before the machine has started.
 */
package dev.sojourn.boot;
