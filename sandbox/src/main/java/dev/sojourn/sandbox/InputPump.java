package dev.sojourn.sandbox;

import dev.sojourn.device.ByteSource;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries a blocking stream of the host to a device that never waits.
 *
 * <p>A daemon thread reads ahead into a ring of fixed size and rings a bell; the device drains it on the machine
 * thread. A read that blocks for ever on a terminal therefore never holds up the end of the program.
 */
final class InputPump implements ByteSource {
    static final int RING_BYTES = 1 << 18;

    private final InputStream source;
    private final Runnable bell;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final byte[] ring = new byte[RING_BYTES];
    private int head;
    private int count;
    private boolean ended;
    private boolean closed;

    /** @param bell rung on the pump's thread whenever there is something new, the end included */
    InputPump(InputStream source, Runnable bell) {
        this.source = source;
        this.bell = bell;
    }

    void start() {
        if (!ended) Thread.ofPlatform().daemon().name("sojourn-input").start(this::pump);
    }

    /** Lets the thread go at its next wake-up. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override public int read(byte[] target, int offset, int length) {
        lock.lock();
        try {
            if (count == 0) return ended ? -1 : 0;
            int taken = Math.min(length, count);
            int first = Math.min(taken, RING_BYTES - head);
            System.arraycopy(ring, head, target, offset, first);
            System.arraycopy(ring, 0, target, offset + first, taken - first);
            head = (head + taken) % RING_BYTES;
            count -= taken;
            room.signal();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** What was read ahead of the guest. */
    void save(StateWriter out) {
        lock.lock();
        try {
            byte[] ahead = new byte[count];
            for (int i = 0; i < count; i++) ahead[i] = ring[(head + i) % RING_BYTES];
            out.bytes("ahead", ahead).flag("ended", ended);
        } finally {
            lock.unlock();
        }
    }

    /** Before {@link #start}, which then reads no more if the input had ended. */
    void restore(StateReader in) throws BadState {
        byte[] ahead = in.bytes("ahead", RING_BYTES);
        System.arraycopy(ahead, 0, ring, 0, ahead.length);
        count = ahead.length;
        ended = in.flag("ended");
    }

    private void pump() {
        byte[] chunk = new byte[1 << 15];
        boolean more = true;
        while (more) {
            int length = readSource(chunk);
            more = length >= 0 && append(chunk, length);
            if (!more) end();
            bell.run();
        }
    }

    /** A stream that fails has ended: the command sees the end of its input. */
    private int readSource(byte[] chunk) {
        try {
            return source.read(chunk);
        } catch (IOException _) {
            return -1;
        }
    }

    /** Waits for room for all of it; false if there is nobody left to read. */
    private boolean append(byte[] chunk, int length) {
        lock.lock();
        try {
            int from = 0;
            while (from < length) {
                while (count == RING_BYTES && !closed) room.awaitUninterruptibly();
                if (closed) return false;
                int tail = (head + count) % RING_BYTES;
                int fitting = Math.min(length - from, Math.min(RING_BYTES - count, RING_BYTES - tail));
                System.arraycopy(chunk, from, ring, tail, fitting);
                count += fitting;
                from += fitting;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }
}
