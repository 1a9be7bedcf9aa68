/**
 * The network device (specification 1.2, section 5.1): an Ethernet card with one pair of queues.
 *
 * <p>{@link dev.sojourn.device.virtio.net.VirtioNet} is the device; what its {@link dev.sojourn.device.virtio.net.Cable} leads to is
 * not here. Checksums and the cutting of long TCP segments are offered both ways, so that neither side does them for nobody.
 *
 * <p>Invariants: a frame is never cut short nor made up; what does not find room waits, here or at the cable's other end.
 */
package dev.sojourn.device.virtio.net;
