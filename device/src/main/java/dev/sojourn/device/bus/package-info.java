/**
 * What joins the chips to the processor and to each other: the map of ports, the map of memory windows, the ISA
 * interrupts.
 *
 * <p>It decides which chip an access reaches and in which pieces; it holds no register. Guest RAM is not in the
 * memory map: whoever asks has found that the address is not RAM.
 *
 * <p>Start with {@link dev.sojourn.device.bus.PortMap}. Invariants: ranges do not overlap; an access nobody claims
 * reads as ones and its writes are lost; a chip never sees an offset outside the range it was given.
 */
package dev.sojourn.device.bus;
