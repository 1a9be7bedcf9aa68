/**
 * System behaviour that no user program shows: faults, rings, paging, interrupts, timers.
 *
 * <p>Each test assembles a {@link dev.sojourn.conformance.system.Guest}, a kernel of a few instructions, runs it on a
 * whole machine and holds its report against what the manual says. The guests are plain PVH kernels that report by the
 * serial port: with the property {@code dev.sojourn.guests} naming a folder each is left there with its expected
 * report, to be run elsewhere.
 */
package dev.sojourn.conformance.system;
