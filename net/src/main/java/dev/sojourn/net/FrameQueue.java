package dev.sojourn.net;

import dev.sojourn.device.virtio.net.Frame;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Frames on their way from one thread to another, a bounded number of bytes of them. */
final class FrameQueue {
    /** Some of the longest frames; more would only wait longer. */
    static final int BYTES_MAX = 1 << 20;

    private final ConcurrentLinkedQueue<Frame> frames = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bytes = new AtomicInteger();

    /** Whether another may be put. */
    boolean hasRoom() { return bytes.get() < BYTES_MAX; }

    /** Whether another that cannot wait may be put. */
    boolean hasReserve() { return bytes.get() < 2 * BYTES_MAX; }

    /** Whether it is worth telling whoever waits for room. */
    boolean isHalfEmpty() { return bytes.get() < BYTES_MAX / 2; }

    /** Puts one, for which there was room. @return whether it is the only one */
    boolean put(Frame frame) {
        frames.add(frame);
        return bytes.getAndAdd(frame.length()) == 0;
    }

    Optional<Frame> take() {
        Frame frame = frames.poll();
        if (frame == null) {
            return Optional.empty();
        }
        bytes.addAndGet(-frame.length());
        return Optional.of(frame);
    }

    void clear() {
        while (take().isPresent()) {
            // Each one counts.
        }
    }
}
