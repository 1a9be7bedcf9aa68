/**
 * The entropy device (specification 1.2, section 5.4): random bytes for the guest.
 *
 * <p>{@link dev.sojourn.device.virtio.entropy.VirtioEntropy} is the device, {@link
 * dev.sojourn.device.virtio.entropy.EntropySource} the named input that its bytes come from. Invariant: a byte the
 * guest gets was asked of the source, so that a recorded source replays the guest.
 */
package dev.sojourn.device.virtio.entropy;
