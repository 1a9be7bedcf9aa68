package dev.sojourn.interfaces.xen.store;

import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The store's end of the ring to a guest (public/io/xs_wire.h).
 *
 * <pre>
 * 000 requests, 400 answers, 1024 bytes each
 * 800 u32 req_cons, req_prod, rsp_cons, rsp_prod, features, connection, error
 * </pre>
 *
 * <p>A message is u32 type, u32 request, u32 transaction, u32 bytes, and that many bytes, at most {@link #PAYLOAD_MAX}. One
 * that claims more can have no answer: the ring is then dead, and says so in its error field.
 */
public final class StoreServer {
    static final int PAYLOAD_MAX = 4096;
    static final int HEADER_BYTES = 16;

    private static final int RING_BYTES = 1024;
    private static final int ANSWERS = 1024;
    private static final int REQUEST_CONSUMED = 2048;
    private static final int REQUEST_PRODUCED = 2052;
    private static final int ANSWER_CONSUMED = 2056;
    private static final int ANSWER_PRODUCED = 2060;
    private static final int ERROR = 2072;
    private static final int ERROR_INDEX = 2;
    private static final int ERROR_PROTOCOL = 3;
    /** Answers that a guest does not fetch are held back up to here; then its requests wait. */
    private static final int BACKLOG_MAX = 64 * 1024;

    private final GuestMemory memory;
    private final long at;
    private final Runnable tell;
    private final StoreRequests requests;
    private final byte[] message = new byte[HEADER_BYTES + PAYLOAD_MAX];
    private final ByteArrayOutputStream backlog = new ByteArrayOutputStream();
    private int received;
    private boolean serving;
    private boolean dead;

    /** @param at physical address of the ring's page; {@code tell} sends the guest an event */
    public StoreServer(GuestMemory memory, long at, Store store, Runnable tell) {
        this.memory = memory;
        this.at = at;
        this.tell = tell;
        requests = new StoreRequests(store, this::answer);
    }

    public long at() { return at; }

    public void save(StateWriter out) {
        out.bytes("message", Arrays.copyOf(message, received)).bytes("backlog", backlog.toByteArray()).flag("dead", dead);
        out.group("requests", requests::save);
    }

    public void restore(StateReader in) throws BadState {
        byte[] begun = in.bytes("message", message.length);
        System.arraycopy(begun, 0, message, 0, begun.length);
        received = begun.length;
        if (wanted() < received) {
            throw in.bad("has a message of " + received + " bytes that is longer than it says");
        }
        backlog.reset();
        backlog.writeBytes(in.bytes("backlog", 2 * BACKLOG_MAX + HEADER_BYTES + PAYLOAD_MAX));
        dead = in.flag("dead");
        requests.restore(in.group("requests"));
    }

    /** The guest has moved a counter. */
    public void notified() {
        if (serving || dead) {
            return;
        }
        serving = true;
        boolean moved = flush();
        while (!dead && backlog.size() <= BACKLOG_MAX && receive()) {
            moved = true;
            flush();
        }
        serving = false;
        if (moved) {
            tell.run();
        }
    }

    private void fail(int error) {
        memory.putInt(at + ERROR, error);
        dead = true;
    }

    /** Takes what there is of a message, and serves it when it is whole. @return whether anything was taken */
    private boolean receive() {
        int from = memory.getInt(at + REQUEST_CONSUMED);
        int there = memory.getInt(at + REQUEST_PRODUCED) - from;
        if (there < 0 || there > RING_BYTES) {
            fail(ERROR_INDEX);
            return false;
        }
        int wanted = wanted() - received;
        int count = Math.min(there, wanted);
        for (int i = 0; i < count; i++) {
            message[received + i] = (byte) memory.getByte(at + (from + i & RING_BYTES - 1));
        }
        memory.putInt(at + REQUEST_CONSUMED, from + count);
        received += count;
        if (received < HEADER_BYTES || count < wanted) {
            return count > 0;
        }
        if (wanted() < 0) {
            fail(ERROR_PROTOCOL);
        } else if (received == wanted()) {
            received = 0;
            serve();
        }
        return true;
    }

    /** Bytes of the message so far known to come; negative if it is too long. */
    private int wanted() {
        if (received < HEADER_BYTES) {
            return HEADER_BYTES;
        }
        int bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        return bytes < 0 || bytes > PAYLOAD_MAX ? -1 : HEADER_BYTES + bytes;
    }

    private void serve() {
        ByteBuffer header = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        int bytes = header.getInt(12);
        byte[] payload = Arrays.copyOfRange(message, HEADER_BYTES, HEADER_BYTES + bytes);
        requests.serve(header.getInt(0), header.getInt(4), header.getInt(8), payload);
    }

    private void answer(int type, int request, int transaction, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(type).putInt(request).putInt(transaction).putInt(payload.length);
        if (backlog.size() <= 2 * BACKLOG_MAX) {
            backlog.writeBytes(header.array());
            backlog.writeBytes(payload);
        }
        if (!serving && flush()) {
            tell.run();
        }
    }

    /** Puts as much into the ring as it takes. @return whether anything went */
    private boolean flush() {
        int from = memory.getInt(at + ANSWER_PRODUCED);
        int used = from - memory.getInt(at + ANSWER_CONSUMED);
        if (backlog.size() == 0 || used < 0 || used >= RING_BYTES) {
            return false;
        }
        byte[] all = backlog.toByteArray();
        int count = Math.min(all.length, RING_BYTES - used);
        for (int i = 0; i < count; i++) {
            memory.putByte(at + ANSWERS + (from + i & RING_BYTES - 1), all[i]);
        }
        memory.putInt(at + ANSWER_PRODUCED, from + count);
        backlog.reset();
        backlog.write(all, count, all.length - count);
        return true;
    }
}
