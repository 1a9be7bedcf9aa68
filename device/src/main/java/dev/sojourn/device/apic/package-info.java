/**
 * The local APIC of each processor (xAPIC, memory-mapped) and the bus that joins them with each other and the I/O
 * APIC.
 *
 * <p>Registers, bits and rules are those of the processor manual's chapter "Advanced Programmable Interrupt
 * Controller (APIC)", volume 3. Not offered, and therefore absent from the version register or ignored: x2APIC, the
 * CMCI entry, suppression of EOI broadcasts, system management interrupts.
 *
 * <p>Start with {@link dev.sojourn.device.apic.LocalApic}. Invariants: {@code hasInterrupt()} is always up to date,
 * and each change of it is told to the processor once; a message reaches every destination before the sender's
 * write returns.
 */
package dev.sojourn.device.apic;
