package dev.sojourn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes on their way to the host that its socket did not take yet. */
final class ReceiveQueue {
    /** What is shorter is copied together, so that many small pieces do not hold many frames. */
    private static final int PIECE_BYTES_MIN = 1 << 13;
    private static final int COPY_BYTES = 1 << 14;

    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    /** The last piece if there may be room behind its limit. */
    private ByteBuffer open = ByteBuffer.allocate(0);
    private int bytes;

    int bytes() { return bytes; }

    boolean isEmpty() { return bytes == 0; }

    void add(ByteBuffer data) {
        int length = data.remaining();
        bytes += length;
        if (length >= PIECE_BYTES_MIN) {
            pieces.add(data);
            open = ByteBuffer.allocate(0);
        } else {
            if (open.capacity() - open.limit() < length) {
                open = ByteBuffer.allocate(COPY_BYTES).limit(0);
                pieces.add(open);
            }
            int at = open.limit();
            open.limit(at + length).put(at, data, data.position(), length);
        }
    }

    /** Writes as much as the channel takes. */
    void writeTo(WritableByteChannel channel) throws IOException {
        boolean more = true;
        while (more && !pieces.isEmpty()) {
            ByteBuffer first = pieces.peek();
            bytes -= channel.write(first);
            more = !first.hasRemaining();
            if (more) {
                pieces.remove();
            }
        }
        if (pieces.isEmpty()) {
            open = ByteBuffer.allocate(0);
        }
    }

    void clear() {
        pieces.clear();
        open = ByteBuffer.allocate(0);
        bytes = 0;
    }
}
