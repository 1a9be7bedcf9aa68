package dev.sojourn.net;

import dev.sojourn.device.virtio.net.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.Selector;
import java.util.concurrent.Executor;

/** Ethernet, ARP, IPv4 and ICMP: takes the guest's frames apart and hands on what they carry (RFC 826, 791, 792). */
final class Internet {
    private static final int ARP_BYTES = 28;
    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;
    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMP_ECHO_REQUEST = 8;
    private static final int ICMP_BYTES = 8;
    private static final int FRAGMENT = 0x3fff;

    /** Echoes that are asked of the world at a time, and how long one may take. */
    private static final int ECHOES_MAX = 8;
    private static final int ECHO_MILLIS_MAX = 2000;

    private final GuestPort guest;
    private final Policy policy;
    private final Executor blocking;
    private final Executor here;
    private final TcpFlows tcp;
    private final UdpFlows udp;
    private int echoes;

    /**
     * @param blocking runs what blocks
     * @param here runs something on the network's thread
     */
    Internet(GuestPort guest, Policy policy, Resolver resolver, Selector selector, Executor blocking, Executor here) {
        this.guest = guest;
        this.policy = policy;
        this.blocking = blocking;
        this.here = here;
        tcp = new TcpFlows(guest, policy, selector);
        udp = new UdpFlows(guest, policy, selector, new NameServer(guest, policy, resolver, blocking, here));
    }

    TcpFlows tcp() { return tcp; }

    void frame(Frame frame) {
        byte[] bytes = frame.bytes();
        int type = Packet.get16(bytes, 12);
        if (type == Packet.TYPE_ARP && frame.length() >= Packet.ETHERNET_BYTES + ARP_BYTES) {
            arp(bytes);
        } else if (type == Packet.TYPE_IPV4 && frame.length() >= Packet.BODY) {
            ip(bytes, frame.length());
        }
    }

    /** Sends what was held back: acknowledgements, and data for which there is room now. */
    void flush() { tcp.flush(); }

    /** What time it is from now on. */
    void time(long nowMillis) {
        tcp.time(nowMillis);
        udp.time(nowMillis);
    }

    /** Looks for what is late. */
    void tick() {
        tcp.tick();
        udp.tick();
    }

    /** Whether nothing becomes late by itself. */
    boolean isIdle() { return tcp.isIdle() && udp.isIdle(); }

    void close() {
        tcp.close();
        udp.close();
    }

    private void arp(byte[] bytes) {
        int at = Packet.ETHERNET_BYTES;
        int target = Packet.get32(bytes, at + 24);
        boolean request = Packet.get32(bytes, at) == 0x0001_0800 && Packet.get16(bytes, at + 4) == 0x0604
                && Packet.get16(bytes, at + 6) == ARP_REQUEST;
        if (!request || !Addresses.isOurs(target)) {
            return;
        }
        guest.learn(bytes);
        byte[] reply = new byte[Packet.ETHERNET_BYTES + ARP_BYTES];
        System.arraycopy(guest.mac(), 0, reply, 0, Addresses.MAC_BYTES);
        System.arraycopy(Addresses.gatewayMac(), 0, reply, Addresses.MAC_BYTES, Addresses.MAC_BYTES);
        Packet.put16(reply, 12, Packet.TYPE_ARP);
        System.arraycopy(bytes, at, reply, at, 6);
        Packet.put16(reply, at + 6, ARP_REPLY);
        System.arraycopy(Addresses.gatewayMac(), 0, reply, at + 8, Addresses.MAC_BYTES);
        Packet.put32(reply, at + 14, target);
        System.arraycopy(bytes, at + 8, reply, at + 18, 10);
        guest.send(new Frame(reply, reply.length, 0, 0, 0));
    }

    private void ip(byte[] bytes, int length) {
        int headerBytes = (bytes[Packet.IP] & 0xf) * 4;
        int total = Packet.get16(bytes, Packet.IP + 2);
        boolean whole = (bytes[Packet.IP] & 0xf0) == 0x40 && headerBytes >= Packet.IP_BYTES && total >= headerBytes
                && Packet.IP + total <= length && (Packet.get16(bytes, Packet.IP + 6) & FRAGMENT) == 0;
        int source = Packet.get32(bytes, Packet.IP + 12);
        if (!whole || source != Addresses.GUEST && source != 0) {
            return;
        }
        int destination = Packet.get32(bytes, Packet.IP + 16);
        int body = Packet.IP + headerBytes;
        int end = Packet.IP + total;
        guest.learn(bytes);
        switch (Packet.get8(bytes, Packet.IP + 9)) {
            case Packet.TCP -> {
                if (source == Addresses.GUEST) {
                    tcp.segment(new TcpSegment(bytes, destination, body, end));
                }
            }
            case Packet.UDP -> udp.datagram(bytes, source, destination, body, end);
            case Packet.ICMP -> icmp(bytes, destination, body, end);
            default -> {}                // not carried
        }
    }

    /** The gateway and the name server answer themselves. For others this computer finds out, as far as it is allowed to. */
    private void icmp(byte[] bytes, int destination, int body, int end) {
        if (end - body < ICMP_BYTES || bytes[body] != ICMP_ECHO_REQUEST || end > Packet.IP + Packet.MTU) {
            return;
        }
        byte[] reply = Packet.toGuest(guest.mac(), Packet.ICMP, destination, Addresses.GUEST, end - body);
        System.arraycopy(bytes, body, reply, Packet.BODY, end - body);
        reply[Packet.BODY] = ICMP_ECHO_REPLY;
        Packet.put16(reply, Packet.BODY + 2, 0);
        Packet.put16(reply, Packet.BODY + 2, Packet.checksum(reply, Packet.BODY, end - body, 0));
        Frame frame = new Frame(reply, reply.length, 0, 0, 0);
        if (Addresses.isOurs(destination)) {
            guest.send(frame);
        } else if (policy.allows(destination, 0) && echoes < ECHOES_MAX) {
            echoes++;
            blocking.execute(() -> {
                boolean there = isReachable(Addresses.inet(destination));
                here.execute(() -> {
                    echoes--;
                    if (there) {
                        guest.send(frame);
                    }
                });
            });
        }
    }

    private static boolean isReachable(InetAddress address) {
        try {
            return address.isReachable(ECHO_MILLIS_MAX);
        } catch (IOException _) {
            return false;
        }
    }
}
