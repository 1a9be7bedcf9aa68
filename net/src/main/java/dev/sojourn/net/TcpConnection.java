package dev.sojourn.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connection between the guest and a socket of the host (RFC 9293, names of variables as there).
 *
 * <p>Implementation notes. The way to the guest loses nothing as long as the guest has memory, so there is no congestion control, and
 * what is not acknowledged in time is simply sent again from its beginning. What comes out of order is dropped. The window told to
 * the guest is what is left of {@link #RECEIVE_BYTES}, so that a host that does not read holds the guest back; the guest's window and
 * {@link SendBuffer} hold the host back.
 */
final class TcpConnection implements UserNetwork.Ready {
    private enum Phase { CONNECTING, SYN_RECEIVED, SYN_SENT, ESTABLISHED, CLOSED }

    private static final int RECEIVE_BYTES = 1 << 18;
    private static final int WINDOW_SCALE = 4;

    /** What a segment on this network carries, and what one that is to be cut does: as many of those as fit an IPv4 packet. */
    private static final int SEGMENT_BYTES = Packet.MTU - Packet.IP_BYTES - TcpSegment.HEADER_BYTES;
    private static final int SEGMENTS_MAX = 44;

    private static final long RETRY_MILLIS = 1000;
    private static final long RETRY_MILLIS_MAX = 30_000;
    private static final int RETRIES_MAX = 8;

    private final TcpFlows flows;
    private final TcpFlows.Key key;
    private final SocketChannel channel;
    private final SendBuffer toGuest;
    private final ReceiveQueue toHost = new ReceiveQueue();
    private Phase phase;

    private int sndUna;
    private int sndNxt;
    private int sndWnd;
    private int sndScale;
    private int rcvNxt;
    private int segmentBytes = SEGMENT_BYTES;
    private int toldWindow;

    private boolean acknowledge;
    private boolean hostEnded;
    private boolean finSent;
    private boolean guestEnded;
    private boolean outputShut;

    private int retries;
    private long retryAtMillis = Long.MAX_VALUE;
    private SelectionKey selection;

    /** @param syn with which the guest asked for it; empty if the host called */
    TcpConnection(TcpFlows flows, TcpFlows.Key key, SocketChannel channel, Optional<TcpSegment> syn) {
        this.flows = flows;
        this.key = key;
        this.channel = channel;
        toGuest = new SendBuffer(flows);
        sndUna = flows.firstSequence();
        sndNxt = sndUna;
        phase = syn.isPresent() ? Phase.CONNECTING : Phase.SYN_SENT;
        syn.ifPresent(this::greeted);
    }

    TcpFlows.Key key() { return key; }

    /** Begins to connect to the host's side; the guest is answered when that is done. */
    void connect(InetSocketAddress address) {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (channel.connect(address)) {
                selection = channel.register(flows.selector, 0, this);
                connected();
            } else {
                selection = channel.register(flows.selector, SelectionKey.OP_CONNECT, this);
            }
        } catch (IOException | SecurityException _) {
            abort();
        }
    }

    /** The host called: asks the guest. */
    void call() throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        selection = channel.register(flows.selector, 0, this);
        sendSyn(TcpSegment.SYN);
    }

    @Override
    public void ready(SelectionKey selected) {
        try {
            if (selected.isConnectable() && channel.finishConnect()) {
                connected();
            }
            if (selected.isValid() && selected.isWritable()) {
                writeToHost();
            }
            if (selected.isValid() && selected.isReadable()) {
                readFromHost();
            }
            if (phase != Phase.CLOSED) {
                flows.flushLater(this);
                interest();
            }
        } catch (IOException _) {
            abort();
        }
    }

    void segment(TcpSegment segment) {
        if (segment.has(TcpSegment.RST)) {
            // Only one that is in place counts (RFC 9293, 3.5.3).
            if (phase == Phase.SYN_SENT ? segment.has(TcpSegment.ACK) && segment.acknowledgement() == sndNxt
                    : segment.sequence() == rcvNxt || phase == Phase.CONNECTING) {
                breakOff();
            }
            return;
        }
        try {
            switch (phase) {
                case CONNECTING, CLOSED -> {}
                case SYN_SENT -> answered(segment);
                case SYN_RECEIVED, ESTABLISHED -> received(segment);
            }
            if (phase != Phase.CLOSED) {
                flows.flushLater(this);
                interest();
            }
        } catch (IOException _) {
            abort();
        }
    }

    /** Sends data, the end of data or an acknowledgement, whatever is due. */
    void flush() {
        if (phase != Phase.ESTABLISHED) {
            return;
        }
        sendData();
        if (acknowledge || window() >= 2 * toldWindow && toldWindow < RECEIVE_BYTES / 4) {
            send(sndNxt, TcpSegment.ACK, 0, 0);
        }
        if (finSent && sndUna == sndNxt && guestEnded && outputShut) {
            drop();
        }
    }

    /** Sends again what is late. */
    void tick(long nowMillis) {
        if (nowMillis < retryAtMillis) {
            return;
        }
        if (!flows.guest.hasRoom()) {
            arm();                       // it has not even seen what was sent before
            return;
        }
        retries++;
        if (retries > RETRIES_MAX) {
            abort();
            return;
        }
        arm();
        switch (phase) {
            case SYN_SENT -> sendSyn(TcpSegment.SYN);
            case SYN_RECEIVED -> sendSyn(TcpSegment.SYN | TcpSegment.ACK);
            case ESTABLISHED -> {
                boolean probe = sndUna == sndNxt;
                sndNxt = sndUna;
                finSent = false;
                if (probe && toGuest.count() > 0) {
                    send(sndNxt, TcpSegment.ACK, 0, 1);
                    sndNxt++;
                }
                flows.flushLater(this);
            }
            case CONNECTING, CLOSED -> {}
        }
    }

    /** Lets go of it without a word to the guest. */
    void drop() {
        phase = Phase.CLOSED;
        toGuest.free();
        toHost.clear();
        flows.forget(this);
        TcpFlows.closeQuietly(channel);
    }

    /** Ends it for both sides. */
    private void abort() {
        if (phase == Phase.CLOSED) {
            return;
        }
        flows.guest.sendTcp(flows.segmentTo(key, sndNxt, rcvNxt, TcpSegment.RST | TcpSegment.ACK, 0, 0, 0), 0);
        breakOff();
    }

    /** Ends it for the host's side, as a connection that broke. */
    private void breakOff() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException _) {
            // It is closed in any way.
        }
        drop();
    }

    private void greeted(TcpSegment syn) {
        rcvNxt = syn.sequence() + 1;
        segmentBytes = Math.clamp(syn.maximumSegment(), 64, SEGMENT_BYTES);
        sndScale = syn.windowScale();
        sndWnd = syn.window();
    }

    private void connected() {
        phase = Phase.SYN_RECEIVED;
        sendSyn(TcpSegment.SYN | TcpSegment.ACK);
        interest();
    }

    /** The guest's answer to our call; anything else than SYN and ACK is ignored, so that an old connection can die. */
    private void answered(TcpSegment segment) {
        if (segment.has(TcpSegment.SYN) && segment.has(TcpSegment.ACK) && segment.acknowledgement() == sndNxt) {
            greeted(segment);
            sndUna = sndNxt;
            phase = Phase.ESTABLISHED;
            disarm();
            acknowledge = true;
        }
    }

    private void received(TcpSegment segment) throws IOException {
        if (segment.has(TcpSegment.SYN)) {
            acknowledge |= phase == Phase.ESTABLISHED;
            return;
        }
        if (!segment.has(TcpSegment.ACK)) {
            return;
        }
        acknowledged(segment);
        if (phase != Phase.ESTABLISHED) {
            return;
        }
        int ahead = rcvNxt - segment.sequence();
        int length = segment.dataBytes();
        boolean fin = segment.has(TcpSegment.FIN);
        if (length == 0 && !fin) {
            acknowledge |= ahead != 0;   // a probe
            return;
        }
        acknowledge = true;
        if (ahead < 0 || ahead > length || guestEnded) {
            return;                      // out of order, or old
        }
        int taken = Math.min(length - ahead, window());
        take(segment, ahead, taken);
        rcvNxt += taken;
        if (fin && taken == length - ahead) {
            rcvNxt++;
            guestEnded = true;
            endOutput();
        }
    }

    private void acknowledged(TcpSegment segment) {
        int acknowledged = segment.acknowledgement() - sndUna;
        if (acknowledged < 0 || acknowledged > sndNxt - sndUna) {
            acknowledge = true;
            return;
        }
        if (phase == Phase.SYN_RECEIVED) {
            if (acknowledged != 1) {
                return;
            }
            phase = Phase.ESTABLISHED;
            sndUna++;
            disarm();
        } else if (acknowledged > 0) {
            int data = Math.min(acknowledged, toGuest.count());
            toGuest.drop(data);
            sndUna += acknowledged;
            disarm();
            if (sndUna != sndNxt) {
                arm();
            }
        }
        sndWnd = segment.window() << Math.max(sndScale, 0);
        if (sndUna == sndNxt) {
            disarm();
        }
    }

    private void take(TcpSegment segment, int from, int length) throws IOException {
        if (length == 0) {
            return;
        }
        ByteBuffer data = ByteBuffer.wrap(segment.frame(), segment.dataAt() + from, length);
        if (toHost.isEmpty()) {
            channel.write(data);
        }
        if (data.hasRemaining()) {
            toHost.add(data);
        }
    }

    private void writeToHost() throws IOException {
        toHost.writeTo(channel);
        endOutput();
    }

    private void endOutput() throws IOException {
        if (guestEnded && toHost.isEmpty() && !outputShut) {
            channel.shutdownOutput();
            outputShut = true;
        }
    }

    private void readFromHost() throws IOException {
        int read = toGuest.readFrom(channel);
        if (read < 0) {
            hostEnded = true;
        }
    }

    private void sendData() {
        int longest = flows.guest.segments() ? segmentBytes * SEGMENTS_MAX : segmentBytes;
        boolean more = true;
        boolean waitsForRoom = false;
        while (more) {
            int inFlight = sndNxt - sndUna;
            int unsent = toGuest.count() - inFlight;
            int length = Math.min(longest, Math.min(unsent, sndWnd - inFlight));
            // A little at the end of the window waits until there is more of it.
            boolean worth = length > 0 && (length == unsent || length >= segmentBytes || inFlight == 0);
            more = worth && flows.guest.hasRoom();
            waitsForRoom = worth && !more;
            if (more) {
                boolean last = length == unsent;
                send(sndNxt, last ? TcpSegment.ACK | TcpSegment.PSH : TcpSegment.ACK, inFlight, length);
                sndNxt += length;
            }
        }
        if (waitsForRoom) {
            flows.flushWhenRoom(this);
        }
        if (hostEnded && !finSent && sndNxt - sndUna == toGuest.count()) {
            send(sndNxt, TcpSegment.FIN | TcpSegment.ACK, 0, 0);
            sndNxt++;
            finSent = true;
        }
        boolean waitsForGuest = sndNxt != sndUna || toGuest.count() > 0 && !waitsForRoom;
        if (waitsForGuest && retryAtMillis == Long.MAX_VALUE) {
            arm();
        }
    }

    private void send(int sequence, int flags, int from, int length) {
        int window = window();
        byte[] bytes = flows.segmentTo(key, sequence, rcvNxt, flags, sndScale < 0 ? Math.min(window, 0xffff) : window >> WINDOW_SCALE, 0,
                length);
        if (length > 0) {
            toGuest.copy(from, bytes, Packet.BODY + TcpSegment.HEADER_BYTES, length);
        }
        toldWindow = window;
        acknowledge = false;
        flows.guest.sendTcp(bytes, segmentBytes);
    }

    /** A segment with our largest segment and, unless the guest has none, our window's scale. */
    private void sendSyn(int flags) {
        boolean scaled = phase == Phase.SYN_SENT || sndScale >= 0;
        byte[] bytes = flows.segmentTo(key, sndUna, rcvNxt, flags, Math.min(window(), 0xffff), scaled ? 8 : 4, 0);
        int at = Packet.BODY + TcpSegment.HEADER_BYTES;
        Packet.put32(bytes, at, 0x0204_0000 | SEGMENT_BYTES);
        if (scaled) {
            Packet.put32(bytes, at + 4, 0x0303_0001 | WINDOW_SCALE << 8);
        }
        sndNxt = sndUna + 1;
        flows.guest.sendTcp(bytes, 0);
        if (retryAtMillis == Long.MAX_VALUE) {
            arm();
        }
    }

    private int window() { return RECEIVE_BYTES - toHost.bytes(); }

    private void arm() {
        retryAtMillis = flows.nowMillis() + Math.min(RETRY_MILLIS_MAX, RETRY_MILLIS << retries);
    }

    private void disarm() {
        retries = 0;
        retryAtMillis = Long.MAX_VALUE;
    }

    private void interest() {
        if (phase != Phase.ESTABLISHED && phase != Phase.SYN_RECEIVED || !selection.isValid()) {
            return;
        }
        int wanted = !hostEnded && toGuest.hasRoom() ? SelectionKey.OP_READ : 0;
        wanted |= toHost.isEmpty() ? 0 : SelectionKey.OP_WRITE;
        if (selection.interestOps() != wanted) {
            selection.interestOps(wanted);
        }
    }
}
