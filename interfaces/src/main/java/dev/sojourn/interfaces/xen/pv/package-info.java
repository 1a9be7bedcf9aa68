/**
 * The interface {@code xen-pv}: the classic 64-bit guest of Xen's, whose kernel runs at level 3 and writes its own page tables
 * under the hypervisor's eyes.
 *
 * <p>{@link dev.sojourn.interfaces.xen.pv.XenPvInterface} is the service. {@code DomainBuilder} makes the domain as it
 * starts; {@code PvProcessor} takes the processor's traps and gives them to the guest's handlers ({@code Bounce}), or does
 * what a privileged instruction was to do ({@code PrivilegedInstructions}); {@code FrameTable} knows what each frame is used
 * as, and lets nobody write to a page table but by it; {@code PageTableCalls} are the calls for that.
 *
 * <p>Kernel and programs have a page table each. While the kernel runs, {@link dev.sojourn.cpu.Cpu#kernelAtLevel3} is set, so
 * that the processor's two translation buffers belong to the two tables, and nothing is dropped on the way between them.
 */
package dev.sojourn.interfaces.xen.pv;
