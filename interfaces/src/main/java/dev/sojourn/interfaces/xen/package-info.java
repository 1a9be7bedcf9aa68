/**
 * What Xen is to a guest, in as far as it is the same for both kinds of guest: event channels, grant table, time, console,
 * scheduling, and the hypercalls for them. The kinds are the packages {@code pvh} (a processor as it is, memory translated)
 * and {@code pv} (the kernel at level 3, page tables of its own under our eyes); the store is in {@code store}.
 *
 * <p>Start at {@link dev.sojourn.interfaces.xen.Domain}, which holds the parts, and
 * {@link dev.sojourn.interfaces.xen.Hypercalls}, by which a guest reaches them. Numbers and layouts are those of Xen's public
 * headers. All of it runs on the machine's thread; whatever a guest gives is checked before it is used, and what it gets
 * wrong is answered by Xen's own error numbers.
 */
package dev.sojourn.interfaces.xen;
