package dev.sojourn.device.virtio;

import dev.sojourn.state.Stateful;

/**
 * A kind of virtio device, as its transport sees it. Its state is what its transport and queues do not know; one that was started
 * is started again before its state is restored.
 */
public interface VirtioDevice extends Stateful {
    /** The device type of specification section 5: 3 is a console, 4 an entropy source. */
    int deviceId();

    /** The feature bits of this kind of device; those of the rings and of the transport are the transport's. */
    long features();

    int queueCount();

    /** The most entries a driver may give a queue, a power of two. */
    int queueSizeMax(int queue);

    /** One byte of the configuration space; 0 behind its end. */
    default int configByte(int offset) { return 0; }

    /** @param size 1, 2, 4 or 8 bytes; a device without writable fields ignores it */
    default void configWrite(int offset, int size, long value) {}

    /** The driver is ready (DRIVER_OK): from now on, until reset, the device may use its transport. */
    void start(Transport transport);

    /** The driver says that a queue has new buffers. Only between start and reset. */
    void queueNotified(int queue);

    /** Back to what the device was before it was started. Comes also when it was not. */
    void reset();
}
