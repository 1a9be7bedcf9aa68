/**
 * Guest RAM: where it lies in guest-physical space, the host memory behind it, and the one class that touches host memory
 * by address.
 *
 * <p>It is not the memory map of a machine (that is the machine type's) and knows neither devices nor processors.
 *
 * <p>Start with {@link dev.sojourn.memory.GuestMemory}. Invariant: a guest-physical address becomes a host address only
 * in {@code GuestMemory}, after it was proved to be RAM; a host address is used only through {@link dev.sojourn.memory.Raw}
 * and never past the end of the page it was given for.
 */
package dev.sojourn.memory;
