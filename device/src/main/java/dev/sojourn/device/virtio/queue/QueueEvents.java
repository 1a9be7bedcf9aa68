package dev.sojourn.device.virtio.queue;

/** What a queue tells the transport it belongs to. */
public interface QueueEvents {
    /** Buffers were used and the driver wants to know. */
    void used();

    /** The driver broke a rule of the rings; the device is to stop until it is reset. */
    void broken();
}
