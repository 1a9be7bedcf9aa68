/**
 * Virtio: what a paravirtual device, the transport that shows it to the guest, and its queues owe each other
 * (Virtual I/O Device specification 1.2, OASIS).
 *
 * <p>{@link dev.sojourn.device.virtio.VirtioDevice} is a kind of device: its features, configuration and what it does
 * with its queues. {@link dev.sojourn.device.virtio.Transport} is what such a device is granted. The register block of
 * virtio-mmio is package {@code mmio}, the rings are package {@code queue}, each kind of device has a package of its
 * own. Not here: where a device lies in memory and how the guest finds it.
 *
 * <p>Invariants: a device touches guest memory only by way of chains that its queues have proved to be RAM; a driver
 * that breaks a rule gets DEVICE_NEEDS_RESET and silence until it resets the device, and nothing is thrown; everything
 * runs on the thread that runs the machine.
 */
package dev.sojourn.device.virtio;
