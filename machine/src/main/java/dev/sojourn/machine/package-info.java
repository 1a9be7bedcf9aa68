/**
 * Machine types, wiring, and the loop that runs a machine.
 *
 * <p>{@link dev.sojourn.machine.MachineSpec} says what a machine is made of, {@link dev.sojourn.machine.Host} joins it to
 * the outside, {@link dev.sojourn.machine.Machine} runs it. {@link dev.sojourn.machine.Board} is the wiring.
 *
 * <p>Invariants: one thread runs a machine, its processors taking turns; others only post to it. Everything a guest can see
 * follows from the machine type, the spec and the named inputs: clock, date, randomness, bytes.
 */
package dev.sojourn.machine;
