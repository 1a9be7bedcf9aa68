package dev.sojourn.migration;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A connection between two ends in one process that is cut, without a word, after so many bytes in either direction. */
final class FaultyLine implements Closeable {
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> there = new ArrayBlockingQueue<>(64);
    private final BlockingQueue<byte[]> back = new ArrayBlockingQueue<>(64);
    private final long[] left;
    private volatile boolean cut;

    FaultyLine(long bytesThere, long bytesBack) { left = new long[] {bytesThere, bytesBack}; }

    Wire near() { return new Wire(new End(back), out(there, 0), this); }

    Wire far() { return new Wire(new End(there), out(back, 1), this); }

    @Override public void close() {
        cut = true;
        there.offer(END);
        back.offer(END);
    }

    private OutputStream out(BlockingQueue<byte[]> queue, int direction) {
        return new OutputStream() {
            @Override public void write(int b) throws IOException { write(new byte[] {(byte) b}, 0, 1); }

            @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                left[direction] -= length;
                if (left[direction] < 0) {
                    close();
                }
                put(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
            }

            private void put(byte[] part) throws IOException {
                try {
                    while (!queue.offer(part, 5, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                        requireWhole();
                    }
                    requireWhole();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            private void requireWhole() throws IOException {
                if (cut) {
                    throw new IOException("the connection broke");
                }
            }

            @Override public void close() { FaultyLine.this.close(); }
        };
    }

    private final class End extends InputStream {
        private final BlockingQueue<byte[]> queue;
        private byte[] part = END;
        private int position;

        End(BlockingQueue<byte[]> queue) { this.queue = queue; }

        @Override public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override public int read(byte[] target, int offset, int length) throws IOException {
            try {
                while (position == part.length) {
                    byte[] next = queue.poll(5, java.util.concurrent.TimeUnit.MILLISECONDS);
                    if (next == null && cut || next == END) {
                        return -1;
                    }
                    part = next == null ? END : next;
                    position = 0;
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            int count = Math.min(length, part.length - position);
            System.arraycopy(part, position, target, offset, count);
            position += count;
            return count;
        }
    }
}
