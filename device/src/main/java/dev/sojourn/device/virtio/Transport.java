package dev.sojourn.device.virtio;

import dev.sojourn.device.virtio.queue.Virtqueue;

/**
 * What a started device is granted: its queues, what was negotiated, and a way to say that its configuration changed.
 */
public interface Transport {
    /** A queue; one that the driver did not set up never has a chain. */
    Virtqueue queue(int index);

    /** Whether the driver accepted all of these feature bits. */
    boolean negotiated(long features);

    /** The configuration space reads differently now: the driver is interrupted (section 2.3). */
    void configChanged();
}
