package dev.sojourn.device.virtio.entropy;

import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Objects;

/** A virtio entropy device: fills each buffer it is given (section 5.4.6). */
public final class VirtioEntropy implements VirtioDevice {
    private static final int DEVICE_ID = 4;
    private static final int REQUESTS = 0;

    /** A driver asks for a cache line to a page; what it asks beyond that it does not get at once. */
    private static final int REQUEST_BYTES_MAX = 4096;

    private static final int QUEUE_SIZE = 16;

    private final EntropySource source;
    private final Chain chain = new Chain();
    private final byte[] buffer = new byte[REQUEST_BYTES_MAX];
    private Transport transport;

    public VirtioEntropy(EntropySource source) { this.source = Objects.requireNonNull(source); }

    @Override
    public int deviceId() { return DEVICE_ID; }

    @Override
    public long features() { return 0; }

    @Override
    public int queueCount() { return 1; }

    @Override
    public int queueSizeMax(int queue) { return QUEUE_SIZE; }

    @Override
    public void start(Transport transport) { this.transport = transport; }

    @Override
    public void queueNotified(int index) {
        Virtqueue queue = transport.queue(REQUESTS);
        while (queue.take(chain)) {
            // Sections 5.4.6.1 and 5.4.6.2: nothing but room to write, and at least one byte of it.
            if (chain.readable() != 0 || chain.writable() == 0) {
                queue.fail();
                return;
            }
            int length = (int) Math.min(chain.writable(), buffer.length);
            source.fill(buffer, 0, length);
            chain.write(buffer, 0, length);
            queue.put(chain);
        }
        queue.signal();
    }

    @Override
    public void reset() {}

    /** It keeps nothing between requests. */
    @Override
    public void save(StateWriter out) {}

    @Override
    public void restore(StateReader in) {}
}
