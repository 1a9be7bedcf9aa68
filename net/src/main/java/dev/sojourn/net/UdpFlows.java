package dev.sojourn.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** UDP (RFC 768): a socket of the host for each pair of ports and far address; what is idle is forgotten. */
final class UdpFlows {
    private static final int FLOWS_MAX = 512;
    private static final long IDLE_MILLIS_MAX = 60_000;
    private static final int DATAGRAMS_AT_A_TIME = 32;
    private static final int DHCP_SERVER_PORT = 67;
    private static final int NAME_PORT = 53;

    private record Key(int guestPort, int address, int port) {}

    private final GuestPort guest;
    private final Policy policy;
    private final Selector selector;
    private final NameServer names;
    private final Dhcp dhcp;
    private final Map<Key, Flow> flows = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(Packet.MTU + 1);
    private long nowMillis;

    UdpFlows(GuestPort guest, Policy policy, Selector selector, NameServer names) {
        this.guest = guest;
        this.policy = policy;
        this.selector = selector;
        this.names = names;
        dhcp = new Dhcp(guest);
    }

    void datagram(byte[] bytes, int source, int destination, int body, int end) {
        if (end - body < GuestPort.UDP_BYTES) {
            return;
        }
        int length = Packet.get16(bytes, body + 4) - GuestPort.UDP_BYTES;
        if (length < 0 || body + GuestPort.UDP_BYTES + length > end) {
            return;
        }
        int from = Packet.get16(bytes, body);
        int to = Packet.get16(bytes, body + 2);
        int data = body + GuestPort.UDP_BYTES;
        if (to == DHCP_SERVER_PORT && (destination == Addresses.BROADCAST || destination == Addresses.GATEWAY)) {
            dhcp.message(bytes, data, length);
        } else if (source == Addresses.GUEST && destination == Addresses.NAME_SERVER && to == NAME_PORT) {
            names.query(bytes, data, length, from);
        } else if (source == Addresses.GUEST && to != 0 && policy.allows(destination, to)) {
            send(new Key(from, destination, to), ByteBuffer.wrap(bytes, data, length));
        }
    }

    void time(long nowMillis) { this.nowMillis = nowMillis; }

    void tick() {
        for (Flow flow : new ArrayList<>(flows.values())) {
            if (nowMillis - flow.usedMillis > IDLE_MILLIS_MAX) {
                flow.close();
            }
        }
    }

    boolean isIdle() { return flows.isEmpty(); }

    void close() { new ArrayList<>(flows.values()).forEach(Flow::close); }

    private void send(Key key, ByteBuffer data) {
        Flow flow = flows.get(key);
        try {
            if (flow == null) {
                if (flows.size() == FLOWS_MAX) {
                    return;
                }
                flow = new Flow(key);
                flows.put(key, flow);
            }
            flow.usedMillis = nowMillis;
            flow.channel.write(data);
        } catch (IOException _) {
            // Lost, as datagrams are; a refusal of an earlier one is reported here, too.
        }
    }

    private final class Flow implements UserNetwork.Ready {
        private final Key key;
        private final DatagramChannel channel = DatagramChannel.open();
        private long usedMillis = nowMillis;

        Flow(Key key) throws IOException {
            this.key = key;
            boolean open = false;
            try {
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(Addresses.inet(key.address == Addresses.GATEWAY ? 0x7f00_0001 : key.address),
                        key.port));
                channel.register(selector, SelectionKey.OP_READ, this);
                open = true;
            } finally {
                if (!open) {
                    channel.close();
                }
            }
        }

        @Override
        public void ready(SelectionKey selected) {
            try {
                for (int i = 0; i < DATAGRAMS_AT_A_TIME; i++) {
                    buffer.clear();
                    if (channel.read(buffer) <= 0) {
                        return;
                    }
                    usedMillis = nowMillis;
                    guest.sendUdp(key.address, key.port, Addresses.GUEST, key.guestPort, buffer.array(), buffer.position());
                }
            } catch (IOException _) {
                // Nobody listens there; the guest hears nothing.
            }
        }

        void close() {
            flows.remove(key);
            try {
                channel.close();
            } catch (IOException _) {
                // There is nothing left to lose.
            }
        }
    }
}
