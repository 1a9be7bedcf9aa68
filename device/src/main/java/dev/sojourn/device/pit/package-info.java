/**
 * The 8254 interval timer of a PC and the port that gates its third counter.
 *
 * <p>Ports 0x40 to 0x43, eight bits wide, and port 0x61. Counter 0 drives IRQ 0, counter 1 nothing, counter 2 the
 * speaker that this machine does not have. Names are those of the 8254 data sheet.
 *
 * <p>Start with {@link dev.sojourn.device.pit.Pit}. Invariant: nothing counts by itself; every count and output
 * level is worked out from the tick at which the counter was loaded.
 */
package dev.sojourn.device.pit;
