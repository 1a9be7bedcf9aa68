package dev.sojourn.device.virtio.block;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A disk in memory that answers at once, or when it is told to. */
public final class MemoryStore implements BlockStore {
    public final byte[] content;
    /** What a loss of power would leave: the content at the last flush. */
    public byte[] durable;
    public boolean readOnly;
    public boolean later;
    public boolean failing;
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    public MemoryStore(int sectors) {
        content = new byte[sectors * SECTOR_BYTES];
        durable = content.clone();
    }

    /** Answers the oldest call that waits. */
    public boolean answerNext() {
        Runnable next = waiting.poll();
        if (next != null) next.run();
        return next != null;
    }

    @Override public long sectors() { return content.length / SECTOR_BYTES; }

    @Override public boolean readOnly() { return readOnly; }

    @Override public void read(long position, byte[] target, int length, Completion completion) {
        answer(() -> System.arraycopy(content, (int) position, target, 0, length), completion);
    }

    @Override public void write(long position, byte[] source, int length, Completion completion) {
        answer(() -> System.arraycopy(source, 0, content, (int) position, length), completion);
    }

    @Override public void flush(Completion completion) { answer(() -> durable = content.clone(), completion); }

    @Override public void zero(long position, long length, Completion completion) {
        answer(() -> Arrays.fill(content, (int) position, (int) (position + length), (byte) 0), completion);
    }

    @Override public void discard(long position, long length, Completion completion) { answer(() -> {}, completion); }

    private void answer(Runnable work, Completion completion) {
        Runnable all = () -> {
            if (!failing) work.run();
            completion.done(!failing);
        };
        if (later) {
            waiting.add(all);
        } else {
            all.run();
        }
    }
}
