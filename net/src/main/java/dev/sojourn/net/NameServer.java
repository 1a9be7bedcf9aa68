package dev.sojourn.net;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/** A name server that asks the host (RFC 1035): addresses of IPv4; other kinds of record it says there are none of. */
final class NameServer {
    private static final int PORT = 53;
    private static final int HEADER_BYTES = 12;
    private static final int NAME_BYTES_MAX = 253;
    private static final int LABEL_BYTES_MAX = 63;
    private static final int ANSWERS_MAX = 16;
    private static final int ANSWER_BYTES = 16;
    private static final int TIME_TO_LIVE = 60;

    private static final int TYPE_A = 1;
    private static final int CLASS_IN = 1;

    private static final int RESPONSE = 0x8080;            // a response; recursion is available
    private static final int KEPT = 0x7900;                // operation, and whether recursion was wanted
    private static final int OPERATION = 0x7800;
    private static final int NO_ERROR = 0;
    private static final int NO_SUCH_NAME = 3;
    private static final int NOT_IMPLEMENTED = 4;
    private static final int REFUSED = 5;

    /** Look-ups at a time; a guest that wants more asks again. */
    private static final int QUERIES_MAX = 32;

    private final GuestPort guest;
    private final Policy policy;
    private final Resolver resolver;
    private final Executor blocking;
    private final Executor here;
    private int queries;

    NameServer(GuestPort guest, Policy policy, Resolver resolver, Executor blocking, Executor here) {
        this.guest = guest;
        this.policy = policy;
        this.resolver = resolver;
        this.blocking = blocking;
        this.here = here;
    }

    void query(byte[] bytes, int at, int length, int port) {
        // One question, as everybody asks.
        if (length < HEADER_BYTES + 5 || (bytes[at + 2] & 0x80) != 0 || Packet.get16(bytes, at + 4) != 1) {
            return;
        }
        int end = nameEnd(bytes, at + HEADER_BYTES, at + length);
        if (end < 0 || end + 4 > at + length) {
            return;
        }
        byte[] question = new byte[end + 4 - at];
        System.arraycopy(bytes, at, question, 0, question.length);
        String name = name(bytes, at + HEADER_BYTES, end);
        boolean known = Packet.get16(bytes, end + 2) == CLASS_IN;
        if ((Packet.get16(bytes, at + 2) & OPERATION) != 0) {
            answer(question, port, NOT_IMPLEMENTED, List.of());
        } else if (!policy.allowsName(name)) {
            answer(question, port, REFUSED, List.of());
        } else if (!known || Packet.get16(bytes, end) != TYPE_A || name.isEmpty()) {
            answer(question, port, NO_ERROR, List.of());
        } else if (queries < QUERIES_MAX) {
            queries++;
            blocking.execute(() -> {
                List<Integer> found = resolver.addresses(name);
                here.execute(() -> {
                    queries--;
                    found.forEach(address -> policy.resolved(name, address));
                    answer(question, port, found.isEmpty() ? NO_SUCH_NAME : NO_ERROR, found);
                });
            });
        }
    }

    /** @param question the query's header and its question */
    private void answer(byte[] question, int port, int code, List<Integer> addresses) {
        int count = Math.min(addresses.size(), ANSWERS_MAX);
        byte[] reply = new byte[question.length + count * ANSWER_BYTES];
        System.arraycopy(question, 0, reply, 0, question.length);
        Packet.put16(reply, 2, Packet.get16(question, 2) & KEPT | RESPONSE | code);
        Packet.put16(reply, 6, count);
        Packet.put32(reply, 8, 0);
        for (int i = 0; i < count; i++) {
            int at = question.length + i * ANSWER_BYTES;
            Packet.put16(reply, at, 0xc000 | HEADER_BYTES);     // the name is where the question has it
            Packet.put16(reply, at + 2, TYPE_A);
            Packet.put16(reply, at + 4, CLASS_IN);
            Packet.put32(reply, at + 6, TIME_TO_LIVE);
            Packet.put16(reply, at + 10, 4);
            Packet.put32(reply, at + 12, addresses.get(i));
        }
        guest.sendUdp(Addresses.NAME_SERVER, PORT, Addresses.GUEST, port, reply, reply.length);
    }

    /** The first byte behind a name without pointers; -1 if it is none. */
    private static int nameEnd(byte[] bytes, int start, int limit) {
        int at = start;
        while (at < limit && bytes[at] != 0) {
            int label = Packet.get8(bytes, at);
            if (label > LABEL_BYTES_MAX || at + 1 + label - start > NAME_BYTES_MAX) {
                return -1;
            }
            at += 1 + label;
        }
        return at < limit ? at + 1 : -1;
    }

    /** Labels joined by dots; empty for the root and for what no host's name holds. */
    private static String name(byte[] bytes, int start, int end) {
        StringBuilder name = new StringBuilder();
        for (int at = start; bytes[at] != 0; at += 1 + Packet.get8(bytes, at)) {
            String label = new String(bytes, at + 1, Packet.get8(bytes, at), StandardCharsets.US_ASCII);
            if (!label.matches("[A-Za-z0-9_-]+")) {
                return "";
            }
            name.append(name.isEmpty() ? "" : ".").append(label.toLowerCase(Locale.ROOT));
        }
        return end - start > 1 ? name.toString() : "";
    }
}
