/**
 * Microsoft's hypervisor, as its Top-Level Functional Specification (TLFS) has it, in what Discovery advertises.
 *
 * <p>Start with {@link dev.sojourn.interfaces.hyperv.HypervInterface}. Time is in units of 100 ns throughout. There is no VMBus,
 * no crash registers, no invariant TSC: the reference TSC page is the guest's clock.
 */
package dev.sojourn.interfaces.hyperv;
