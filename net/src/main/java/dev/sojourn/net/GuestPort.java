package dev.sojourn.net;

import dev.sojourn.device.virtio.net.Frame;

/** The way to the guest: makes frames of what is to be said and puts them where the guest's card takes them. */
final class GuestPort {
    private final FrameQueue queue = new FrameQueue();
    private final byte[] mac = Addresses.guestMac();
    private Runnable bell = () -> {};
    private volatile boolean connected;
    private volatile boolean checksums;
    private volatile boolean segments;

    /** @param bell rung when there is a frame after there was none */
    void plug(Runnable bell) { this.bell = bell; }

    FrameQueue queue() { return queue; }

    void connect(boolean checksums, boolean segments) {
        this.checksums = checksums;
        this.segments = segments;
        connected = true;
    }

    void disconnect() {
        connected = false;
        queue.clear();
    }

    /** Whether a frame that can wait should be sent now. */
    boolean hasRoom() { return connected && queue.hasRoom(); }

    boolean connected() { return connected; }

    /** Whether TCP segments may be longer than the network carries. */
    boolean segments() { return segments; }

    /** The guest may give its card another address. */
    void learn(byte[] frame) { System.arraycopy(frame, Addresses.MAC_BYTES, mac, 0, Addresses.MAC_BYTES); }

    byte[] mac() { return mac; }

    /** Sends a frame; it is lost if the guest is not there, or does not take what it is sent. */
    void send(Frame frame) {
        if (connected && queue.hasReserve() && queue.put(frame)) {
            bell.run();
        }
    }

    void sendUdp(int source, int sourcePort, int destination, int destinationPort, byte[] payload, int length) {
        if (Packet.IP_BYTES + UDP_BYTES + length > Packet.MTU) {
            return;    // It would need fragments, which this network does not have.
        }
        byte[] bytes = Packet.toGuest(mac, Packet.UDP, source, destination, UDP_BYTES + length);
        Packet.put16(bytes, Packet.BODY, sourcePort);
        Packet.put16(bytes, Packet.BODY + 2, destinationPort);
        Packet.put16(bytes, Packet.BODY + 4, UDP_BYTES + length);
        System.arraycopy(payload, 0, bytes, Packet.BODY + UDP_BYTES, length);
        send(Packet.withChecksum(bytes, UDP_CHECKSUM, checksums, 0));
    }

    /** Sends a TCP segment whose fields but the checksum are in place. */
    void sendTcp(byte[] bytes, int segmentBytes) {
        boolean cut = segmentBytes != 0 && bytes.length - Packet.BODY - TcpSegment.HEADER_BYTES > segmentBytes;
        send(Packet.withChecksum(bytes, TcpSegment.CHECKSUM, checksums, cut ? segmentBytes : 0));
    }

    static final int UDP_BYTES = 8;
    private static final int UDP_CHECKSUM = 6;
}
