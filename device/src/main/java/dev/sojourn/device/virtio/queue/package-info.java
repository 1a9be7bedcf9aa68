/**
 * The split virtqueue: descriptor table, available ring and used ring in guest memory (specification 1.2, section 2.7).
 *
 * <p>Start with {@link dev.sojourn.device.virtio.queue.Virtqueue}; a {@link dev.sojourn.device.virtio.queue.Chain} is
 * one request of the driver. Packed virtqueues are not offered.
 *
 * <p>Invariants: a ring or buffer address is proved to be RAM for its whole length before it is used; each descriptor
 * is read once, so that a driver that changes it later changes nothing here; no walk is longer than a named bound.
 */
package dev.sojourn.device.virtio.queue;
