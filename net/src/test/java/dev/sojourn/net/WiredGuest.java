package dev.sojourn.net;

import dev.sojourn.device.virtio.net.Frame;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A guest at the end of the cable that writes its packets by hand. */
final class WiredGuest {
    /** Who waits longer has lost a packet. */
    private static final long SECONDS_MAX = 20;
    private static final int SEGMENT_BYTES = 1460;

    private final UserNetwork network;
    private final Semaphore bell = new Semaphore(0);

    WiredGuest(UserNetwork network, boolean offloads) {
        this.network = network;
        network.plug(bell::release);
        network.connect(offloads, offloads);
    }

    /** The next frame that fits; others are thrown away. */
    byte[] expect(Predicate<byte[]> wanted) throws InterruptedException {
        while (true) {
            Optional<Frame> frame = network.receive();
            if (frame.isPresent()) {
                byte[] bytes = java.util.Arrays.copyOf(frame.get().bytes(), frame.get().length());
                if (wanted.test(bytes)) return bytes;
            } else if (!bell.tryAcquire(SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError("The network sent nothing");
            }
        }
    }

    void send(byte[] bytes) throws InterruptedException {
        while (!network.hasRoom()) bell.tryAcquire(SECONDS_MAX, TimeUnit.SECONDS);
        network.send(new Frame(bytes, bytes.length, 0, 0, 0));
    }

    /** An IPv4 packet of the guest's. */
    static byte[] ip(int protocol, int destination, byte[] body) {
        byte[] frame = Packet.toGuest(Addresses.gatewayMac(), protocol, Addresses.GUEST, destination, body.length);
        System.arraycopy(Addresses.guestMac(), 0, frame, 6, 6);
        System.arraycopy(body, 0, frame, Packet.BODY, body.length);
        return frame;
    }

    static byte[] udp(int destination, int from, int to, byte[] data) {
        byte[] body = new byte[8 + data.length];
        Packet.put16(body, 0, from);
        Packet.put16(body, 2, to);
        Packet.put16(body, 4, body.length);
        System.arraycopy(data, 0, body, 8, data.length);
        return ip(Packet.UDP, destination, body);
    }

    static byte[] tcp(int destination, int from, int to, int sequence, int acknowledgement, int flags, byte[] data) {
        byte[] body = new byte[20 + data.length];
        Packet.put16(body, 0, from);
        Packet.put16(body, 2, to);
        Packet.put32(body, 4, sequence);
        Packet.put32(body, 8, acknowledgement);
        body[12] = 0x50;
        body[13] = (byte) flags;
        Packet.put16(body, 14, 0xffff);
        System.arraycopy(data, 0, body, 20, data.length);
        return ip(Packet.TCP, destination, body);
    }

    static boolean isTcp(byte[] frame, int toPort) {
        return frame[Packet.IP + 9] == Packet.TCP && Packet.get16(frame, Packet.BODY + 2) == toPort;
    }

    static int flags(byte[] frame) { return frame[Packet.BODY + 13]; }

    /** A connection that the guest opens; the guest's numbers begin at 1000. */
    final class Connection {
        private final int destination;
        private final int from;
        private final int to;
        int sequence = 1000;
        int expected;

        Connection(int destination, int from, int to) {
            this.destination = destination;
            this.from = from;
            this.to = to;
        }

        /** @return the flags of the answer */
        int open() throws InterruptedException {
            say(TcpSegment.SYN, new byte[0]);
            sequence++;
            byte[] answer = expect(f -> isTcp(f, from));
            expected = Packet.get32(answer, Packet.BODY + 4) + 1;
            if (flags(answer) == (TcpSegment.SYN | TcpSegment.ACK)) say(TcpSegment.ACK, new byte[0]);
            return flags(answer);
        }

        /** The host's side called: takes its SYN. */
        void accept(byte[] syn) throws InterruptedException {
            expected = Packet.get32(syn, Packet.BODY + 4) + 1;
            say(TcpSegment.SYN | TcpSegment.ACK, new byte[0]);
            sequence++;
            expect(f -> isTcp(f, from) && (flags(f) & TcpSegment.SYN) == 0);
        }

        void say(int flags, byte[] data) throws InterruptedException {
            send(tcp(destination, from, to, sequence, expected, flags, data));
        }

        /** Sends, a segment at a time, and waits until all of it is acknowledged. */
        void write(byte[] data) throws InterruptedException {
            for (int done = 0; done < data.length; done += SEGMENT_BYTES) {
                byte[] part = java.util.Arrays.copyOfRange(data, done, Math.min(data.length, done + SEGMENT_BYTES));
                say(TcpSegment.ACK, part);
                sequence += part.length;
                int end = sequence;
                expect(f -> isTcp(f, from) && Packet.get32(f, Packet.BODY + 8) == end);
            }
        }

        void end() throws InterruptedException {
            say(TcpSegment.FIN | TcpSegment.ACK, new byte[0]);
            sequence++;
        }

        /** Reads and acknowledges all data up to the end. */
        byte[] readAll() throws InterruptedException {
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            boolean ended = false;
            while (!ended) {
                byte[] frame = expect(f -> isTcp(f, from) && Packet.get32(f, Packet.BODY + 4) == expected
                        && (f.length > Packet.BODY + 20 || (flags(f) & TcpSegment.FIN) != 0));
                int length = frame.length - Packet.BODY - 20;
                data.write(frame, Packet.BODY + 20, length);
                ended = (flags(frame) & TcpSegment.FIN) != 0;
                expected += length + (ended ? 1 : 0);
                say(TcpSegment.ACK, new byte[0]);
            }
            return data.toByteArray();
        }
    }
}
