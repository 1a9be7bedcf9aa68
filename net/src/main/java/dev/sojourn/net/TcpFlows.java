package dev.sojourn.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The TCP connections of a network, and the ports of the host that lead to the guest. */
final class TcpFlows {
    /** Each holds a socket of the host, and up to a window of data that the host does not read. */
    static final int CONNECTIONS_MAX = 512;

    /** What all connections together hold of data on their way to the guest. */
    static final long BUFFERED_BYTES_MAX = 64L << 20;

    /** From here up connections to forwarded ports seem to come. */
    private static final int FORWARD_PORT_FIRST = 0xc000;

    /** A connection as the guest knows it. */
    record Key(int guestPort, int address, int port) {}

    final GuestPort guest;
    final Selector selector;
    private final Policy policy;
    private final SecureRandom random = new SecureRandom();
    private final Map<Key, TcpConnection> connections = new HashMap<>();
    private final Set<TcpConnection> toFlush = new LinkedHashSet<>();
    private final Set<TcpConnection> waiting = new LinkedHashSet<>();
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private int forwardPort = FORWARD_PORT_FIRST;
    private long buffered;
    private long nowMillis;

    TcpFlows(GuestPort guest, Policy policy, Selector selector) {
        this.guest = guest;
        this.policy = policy;
        this.selector = selector;
    }

    /** Opens a port of the host that leads to the guest. */
    void listen(Forward forward) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        servers.add(server);
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(forward.host());
        } catch (BindException | SecurityException e) {
            throw new IOException("Port " + forward.host().getPort() + " of " + forward.host().getHostString() + ": " + e.getMessage(),
                    e);
        }
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, (UserNetwork.Ready) _ -> accept(server, forward.guestPort()));
    }

    void segment(TcpSegment segment) {
        if (!segment.isWhole()) {
            return;
        }
        Key key = new Key(segment.sourcePort(), segment.destinationAddress(), segment.destinationPort());
        TcpConnection connection = connections.get(key);
        if (connection != null) {
            connection.segment(segment);
        } else if (segment.has(TcpSegment.SYN) && !segment.has(TcpSegment.ACK | TcpSegment.RST)) {
            open(key, segment);
        } else if (!segment.has(TcpSegment.RST)) {
            refuse(key, segment);
        }
    }

    /** Sends what is due on connections that have something to say. */
    void flush() {
        while (!toFlush.isEmpty()) {
            TcpConnection connection = toFlush.iterator().next();
            toFlush.remove(connection);
            connection.flush();
        }
        if (!waiting.isEmpty() && guest.hasRoom()) {
            List<TcpConnection> ready = List.copyOf(waiting);
            waiting.clear();
            ready.forEach(TcpConnection::flush);
        }
    }

    void flushWhenRoom(TcpConnection connection) { waiting.add(connection); }

    void flushLater(TcpConnection connection) { toFlush.add(connection); }

    void time(long nowMillis) { this.nowMillis = nowMillis; }

    void tick() {
        new ArrayList<>(connections.values()).forEach(connection -> connection.tick(nowMillis));
        flush();
    }

    long nowMillis() { return nowMillis; }

    int firstSequence() { return random.nextInt(); }

    boolean isIdle() { return connections.isEmpty(); }

    /** Takes part of the memory for data. @return false if that is all in use */
    boolean reserve(long bytes) {
        if (buffered + bytes > BUFFERED_BYTES_MAX) {
            return false;
        }
        buffered += bytes;
        return true;
    }

    void release(long bytes) { buffered -= bytes; }

    void forget(TcpConnection connection) {
        connections.remove(connection.key(), connection);
        toFlush.remove(connection);
        waiting.remove(connection);
    }

    void close() {
        new ArrayList<>(connections.values()).forEach(TcpConnection::drop);
        for (ServerSocketChannel server : servers) {
            closeQuietly(server);
        }
    }

    private void open(Key key, TcpSegment syn) {
        if (key.port() == 0 || key.guestPort() == 0 || !policy.allows(key.address(), key.port()) || connections.size() == CONNECTIONS_MAX) {
            refuse(key, syn);
            return;
        }
        SocketChannel channel = null;
        boolean opened = false;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            TcpConnection connection = new TcpConnection(this, key, channel, Optional.of(syn));
            connections.put(key, connection);
            opened = true;
            int address = key.address() == Addresses.GATEWAY ? 0x7f00_0001 : key.address();
            connection.connect(new InetSocketAddress(Addresses.inet(address), key.port()));
        } catch (IOException _) {
            refuse(key, syn);
        } finally {
            if (!opened && channel != null) {
                closeQuietly(channel);
            }
        }
    }

    private void accept(ServerSocketChannel server, int guestPort) {
        try {
            SocketChannel channel = server.accept();
            if (channel == null) {
                return;
            }
            Optional<Key> key = connections.size() == CONNECTIONS_MAX ? Optional.empty() : freeKey(guestPort);
            if (key.isEmpty()) {
                closeQuietly(channel);
                return;
            }
            channel.configureBlocking(false);
            TcpConnection connection = new TcpConnection(this, key.get(), channel, Optional.empty());
            connections.put(key.get(), connection);
            connection.call();
        } catch (IOException _) {
            // Whoever called has gone, or this process has no descriptors left: there is no connection.
        }
    }

    private Optional<Key> freeKey(int guestPort) {
        for (int i = FORWARD_PORT_FIRST; i <= 0xffff; i++) {
            forwardPort = forwardPort == 0xffff ? FORWARD_PORT_FIRST : forwardPort + 1;
            Key key = new Key(guestPort, Addresses.GATEWAY, forwardPort);
            if (!connections.containsKey(key)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** Section 3.5.2 of RFC 9293: a reset for what belongs to no connection. */
    private void refuse(Key key, TcpSegment segment) {
        boolean acknowledges = segment.has(TcpSegment.ACK);
        int length = segment.dataBytes() + (segment.has(TcpSegment.SYN) ? 1 : 0) + (segment.has(TcpSegment.FIN) ? 1 : 0);
        byte[] reset = segmentTo(key, acknowledges ? segment.acknowledgement() : 0, segment.sequence() + length,
                acknowledges ? TcpSegment.RST : TcpSegment.RST | TcpSegment.ACK, 0, 0, 0);
        guest.sendTcp(reset, 0);
    }

    /** A segment to the guest, with room for options and data behind its header. */
    byte[] segmentTo(Key key, int sequence, int acknowledgement, int flags, int window, int optionBytes, int dataBytes) {
        byte[] bytes = Packet.toGuest(guest.mac(), Packet.TCP, key.address(), Addresses.GUEST,
                TcpSegment.HEADER_BYTES + optionBytes + dataBytes);
        int at = Packet.BODY;
        Packet.put16(bytes, at, key.port());
        Packet.put16(bytes, at + 2, key.guestPort());
        Packet.put32(bytes, at + 4, sequence);
        Packet.put32(bytes, at + 8, acknowledgement);
        bytes[at + 12] = (byte) (TcpSegment.HEADER_BYTES + optionBytes << 2);
        bytes[at + 13] = (byte) flags;
        Packet.put16(bytes, at + 14, window);
        return bytes;
    }

    static void closeQuietly(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // There is nothing left to lose.
        }
    }
}
