package dev.sojourn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A ring of bytes on their way to the guest, kept until it has acknowledged them. */
final class SendBuffer {
    static final int BYTES_MIN = 1 << 16;
    static final int BYTES_MAX = 1 << 20;

    private final TcpFlows memory;
    private byte[] ring = {};
    private int head;
    private int count;

    SendBuffer(TcpFlows memory) { this.memory = memory; }

    int count() { return count; }

    /** Whether there is room, making more of it where that is allowed. */
    boolean hasRoom() { return count < ring.length || grow(); }

    /** Reads what a channel has, into what room there is. @return bytes read, -1 at the channel's end */
    int readFrom(ReadableByteChannel channel) throws IOException {
        if (!hasRoom()) {
            return 0;
        }
        int tail = head + count & ring.length - 1;
        int read = channel.read(ByteBuffer.wrap(ring, tail, Math.min(ring.length - tail, ring.length - count)));
        count += Math.max(read, 0);
        return read;
    }

    void copy(int from, byte[] target, int offset, int length) {
        int start = head + from & ring.length - 1;
        int first = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, target, offset, first);
        System.arraycopy(ring, 0, target, offset + first, length - first);
    }

    /** Forgets the first bytes. */
    void drop(int bytes) {
        head = ring.length == 0 ? 0 : head + bytes & ring.length - 1;
        count -= bytes;
    }

    void free() {
        memory.release(ring.length);
        ring = new byte[0];
        head = 0;
        count = 0;
    }

    private boolean grow() {
        int length = Math.max(BYTES_MIN, 2 * ring.length);
        if (length > BYTES_MAX || !memory.reserve(length - ring.length)) {
            return false;
        }
        byte[] larger = new byte[length];
        if (count > 0) {
            copy(0, larger, 0, count);
        }
        ring = larger;
        head = 0;
        return true;
    }
}
