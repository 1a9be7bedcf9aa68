/**
 * The interface {@code xen-pvh}: a guest of Xen's whose processor is as it is and whose memory the hypervisor translates.
 *
 * <p>{@link dev.sojourn.interfaces.xen.pvh.XenPvhInterface} is the service. The guest is entered by its PVH entry, calls by
 * VMCALL or VMMCALL, and hears of events by a vector; everything else is in the package above.
 */
package dev.sojourn.interfaces.xen.pvh;
