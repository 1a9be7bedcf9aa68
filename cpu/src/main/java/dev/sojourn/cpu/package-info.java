/**
 * The x86 processor: registers, modes, segmentation, paging, exceptions.
 *
 * <p>It knows no chip, no machine and no interface: {@link dev.sojourn.cpu.Hooks} is all it asks of the world. Start with
 * {@link dev.sojourn.cpu.Cpu}; then {@link dev.sojourn.cpu.Mmu} (loads and stores),
 * {@link dev.sojourn.cpu.Interrupts} (delivery), {@link dev.sojourn.cpu.Segmentation}. What instructions compute is in
 * {@code operation}; how they are run, in {@code interpreter}.
 *
 * <p>Invariants: a fault of the guest is thrown as {@link dev.sojourn.cpu.GuestFault} before the instruction has changed
 * anything; it is never anybody else's exception.
 */
package dev.sojourn.cpu;
