package dev.sojourn.host.box;

import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What those who attach have sent for the guest to read, bounded: who sends more waits. */
final class InputQueue extends InputStream {
    static final int BYTES_MAX = 1 << 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[BYTES_MAX];
    private int head;
    private int count;
    private boolean ended;

    /** Waits for room for all of it. What comes after the end is dropped. */
    void send(byte[] bytes) throws InterruptedException {
        lock.lock();
        try {
            for (int from = 0; from < bytes.length;) {
                while (count == BYTES_MAX && !ended) changed.await();
                if (ended) return;
                int tail = (head + count) % BYTES_MAX;
                int fitting = Math.min(bytes.length - from, Math.min(BYTES_MAX - count, BYTES_MAX - tail));
                System.arraycopy(bytes, from, ring, tail, fitting);
                count += fitting;
                from += fitting;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override public int read(byte[] target, int offset, int length) {
        if (length == 0) return 0;
        lock.lock();
        try {
            while (count == 0 && !ended) changed.awaitUninterruptibly();
            if (count == 0) return -1;
            int taken = Math.min(length, Math.min(count, BYTES_MAX - head));
            System.arraycopy(ring, head, target, offset, taken);
            head = (head + taken) % BYTES_MAX;
            count -= taken;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
