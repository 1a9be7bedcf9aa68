/**
 * VMware's guest interface: the backdoor, by port and by VMCALL, and the frequencies it tells.
 *
 * <p>Start with {@link dev.sojourn.interfaces.vmware.VmwareInterface}. Commands stand in Calls; any other gets all ones in EAX
 * and leaves the rest alone. The high-bandwidth port and the port of the balloon are not there: they read as ones. Numbers
 * are those of Linux, arch/x86/kernel/cpu/vmware.c.
 */
package dev.sojourn.interfaces.vmware;
