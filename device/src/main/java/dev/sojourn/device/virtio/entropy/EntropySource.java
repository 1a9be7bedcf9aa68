package dev.sojourn.device.virtio.entropy;

/** Where a machine's randomness comes from: the host for users, a seed or a recording for tests and replay. */
public interface EntropySource {
    /** Fills all of a range; does not block. */
    void fill(byte[] target, int offset, int length);
}
