package dev.sojourn.net;

import static dev.sojourn.net.WiredGuest.flags;
import static dev.sojourn.net.WiredGuest.isTcp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest gets of the network, by its packets, with real sockets behind it. */
@Timeout(120)
class UserNetworkTest {
    private static final int PORT = 40_000;
    private static final int SYN_ACK = TcpSegment.SYN | TcpSegment.ACK;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test void gatewayAnswersArp() throws Exception {
        try (UserNetwork network = network(List.of())) {
            WiredGuest guest = new WiredGuest(network, true);
            byte[] request = new byte[42];
            Arrays.fill(request, 0, 6, (byte) -1);
            System.arraycopy(Addresses.guestMac(), 0, request, 6, 6);
            Packet.put16(request, 12, Packet.TYPE_ARP);
            Packet.put32(request, 14, 0x0001_0800);
            Packet.put32(request, 18, 0x0604_0001);
            System.arraycopy(Addresses.guestMac(), 0, request, 22, 6);
            Packet.put32(request, 28, Addresses.GUEST);
            Packet.put32(request, 38, Addresses.GATEWAY);
            guest.send(request);
            byte[] reply = guest.expect(f -> Packet.get16(f, 12) == Packet.TYPE_ARP);
            assertEquals(2, Packet.get16(reply, 20));
            assertArrayEquals(Addresses.gatewayMac(), Arrays.copyOfRange(reply, 22, 28));
            assertEquals(Addresses.GATEWAY, Packet.get32(reply, 28));
        }
    }

    @Test void gatewayAnswersEcho() throws Exception {
        try (UserNetwork network = network(List.of())) {
            WiredGuest guest = new WiredGuest(network, true);
            byte[] echo = new byte[40];
            echo[0] = 8;
            echo[39] = 7;
            guest.send(WiredGuest.ip(Packet.ICMP, Addresses.GATEWAY, echo));
            byte[] reply = guest.expect(f -> f[Packet.IP + 9] == Packet.ICMP);
            assertEquals(0, reply[Packet.BODY]);
            assertEquals(7, reply[Packet.BODY + 39]);
            assertEquals(0, Packet.checksum(reply, Packet.BODY, 40, 0));
            assertEquals(0, Packet.checksum(reply, Packet.IP, 20, 0));
        }
    }

    @Test void addressIsLeased() throws Exception {
        try (UserNetwork network = network(List.of())) {
            WiredGuest guest = new WiredGuest(network, true);
            byte[] discover = new byte[300];
            discover[0] = 1;
            Packet.put32(discover, 4, 0x1234_5678);
            Packet.put32(discover, 236, 0x6382_5363);
            System.arraycopy(new byte[] {53, 1, 1, -1}, 0, discover, 240, 4);
            byte[] frame = WiredGuest.udp(-1, 68, 67, discover);
            Packet.put32(frame, Packet.IP + 12, 0);
            guest.send(frame);
            byte[] offer = guest.expect(f -> Packet.get16(f, Packet.BODY + 2) == 68);
            int message = Packet.BODY + 8;
            assertEquals(0x1234_5678, Packet.get32(offer, message + 4));
            assertEquals(Addresses.GUEST, Packet.get32(offer, message + 16));
            assertEquals(2, offer[message + 242]);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesGoBothWaysAndEndsAreTold(boolean offloads) throws Exception {
        byte[] there = new byte[300_000];
        byte[] back = new byte[400_000];
        new Random(1).nextBytes(there);
        new Random(2).nextBytes(back);
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK); UserNetwork network = network(host(server.getLocalPort()))) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    boolean right = Arrays.equals(there, socket.getInputStream().readAllBytes());
                    socket.getOutputStream().write(right ? back : new byte[1]);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            WiredGuest.Connection connection = new WiredGuest(network, offloads).new Connection(Addresses.GATEWAY, PORT,
                    server.getLocalPort());
            assertEquals(SYN_ACK, connection.open());
            connection.write(there);
            connection.end();
            assertArrayEquals(back, connection.readAll());
        }
    }

    @Test void whatIsNotAcknowledgedIsSentAgain() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK); UserNetwork network = network(host(server.getLocalPort()))) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("late".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            WiredGuest guest = new WiredGuest(network, true);
            WiredGuest.Connection connection = guest.new Connection(Addresses.GATEWAY, PORT, server.getLocalPort());
            connection.open();
            guest.expect(f -> isTcp(f, PORT) && f.length == Packet.BODY + 24);
            assertEquals("late", new String(connection.readAll(), StandardCharsets.US_ASCII));
        }
    }

    @Test void closedPortIsRefused() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            port = server.getLocalPort();
        }
        try (UserNetwork network = network(host(port))) {
            assertEquals(TcpSegment.RST | TcpSegment.ACK, new WiredGuest(network, true).new Connection(Addresses.GATEWAY, PORT, port).open());
        }
    }

    @Test void hostAndItsCloudAreOutOfReachUnlessAllowed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK); UserNetwork network = network(List.of())) {
            WiredGuest guest = new WiredGuest(network, true);
            int refused = TcpSegment.RST | TcpSegment.ACK;
            assertEquals(refused, guest.new Connection(Addresses.GATEWAY, PORT, server.getLocalPort()).open());
            assertEquals(refused, guest.new Connection(0x7f00_0001, PORT + 1, server.getLocalPort()).open());
            assertEquals(refused, guest.new Connection(0xa9fe_a9fe, PORT + 2, 80).open());
        }
    }

    @Test void datagramsGoBothWays() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK); UserNetwork network = network(host(server.getLocalPort()))) {
            WiredGuest guest = new WiredGuest(network, false);
            guest.send(WiredGuest.udp(Addresses.GATEWAY, PORT, server.getLocalPort(), new byte[] {1, 2, 3}));
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            server.receive(packet);
            assertEquals(3, packet.getLength());
            server.send(new DatagramPacket(new byte[] {4, 5}, 2, packet.getSocketAddress()));
            byte[] answer = guest.expect(f -> f[Packet.IP + 9] == Packet.UDP);
            assertEquals(5, answer[Packet.BODY + 9]);
            assertEquals(PORT, Packet.get16(answer, Packet.BODY + 2));
            // With its pseudo header, a right checksum adds up to nothing.
            int sum = Packet.checksum(answer, Packet.BODY, 10, ~Packet.checksum(answer, Packet.IP + 12, 8, Packet.UDP + 10) & 0xffff);
            assertEquals(0, sum);
        }
    }

    @Test void namesAreLookedUpAndOthersRefused() throws Exception {
        try (UserNetwork network = network(List.of(new Allowed("localhost", 80)))) {
            WiredGuest guest = new WiredGuest(network, true);
            byte[] answer = ask(guest, "localhost");
            assertEquals(0x8180, Packet.get16(answer, 2));
            assertEquals(1, Packet.get16(answer, 6));
            assertEquals(0x7f00_0001, Packet.get32(answer, answer.length - 4));
            assertEquals(0x8185, Packet.get16(ask(guest, "example.org"), 2));
        }
    }

    @Test void forwardedPortLeadsToTheGuest() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            port = server.getLocalPort();
        }
        Forward forward = new Forward(new InetSocketAddress(LOOPBACK, port), 80);
        try (UserNetwork network = new UserNetwork(List.of(), List.of(forward)); Socket socket = new Socket(LOOPBACK, port)) {
            WiredGuest guest = new WiredGuest(network, true);
            byte[] syn = guest.expect(f -> isTcp(f, 80) && flags(f) == TcpSegment.SYN);
            WiredGuest.Connection connection = guest.new Connection(Addresses.GATEWAY, 80, Packet.get16(syn, Packet.BODY));
            connection.accept(syn);
            socket.getOutputStream().write("to the guest".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertEquals("to the guest", new String(connection.readAll(), StandardCharsets.US_ASCII));
            connection.write("to the host".getBytes(StandardCharsets.US_ASCII));
            connection.end();
            assertEquals("to the host", new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test void portInUseIsTold() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            Forward forward = new Forward(new InetSocketAddress(LOOPBACK, server.getLocalPort()), 80);
            String told = assertThrows(IOException.class, () -> new UserNetwork(List.of(), List.of(forward))).getMessage();
            assertTrue(told.contains("Port " + server.getLocalPort()), told);
        }
    }

    /** Packets that are right but for some bytes, and some that are nothing at all; the network serves on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hostileGuestBreaksNothing(long seed) throws Exception {
        Random random = new Random(seed);
        try (ServerSocket server = new ServerSocket(0, 50, LOOPBACK); UserNetwork network = network(host(server.getLocalPort()))) {
            WiredGuest guest = new WiredGuest(network, random.nextBoolean());
            for (int i = 0; i < 20_000; i++) {
                byte[] frame = frame(random, server.getLocalPort());
                for (int n = random.nextInt(4); n > 0; n--) {
                    frame[12 + random.nextInt(frame.length - 12)] = (byte) (random.nextInt() >> random.nextInt(8));
                }
                guest.send(random.nextInt(10) == 0 ? Arrays.copyOf(frame, 14 + random.nextInt(frame.length - 13)) : frame);
                while (random.nextBoolean() && network.receive().isPresent()) {
                    // What it says does not matter.
                }
            }
            byte[] echo = new byte[16];
            echo[0] = 8;
            echo[15] = 99;
            guest.send(WiredGuest.ip(Packet.ICMP, Addresses.GATEWAY, echo));
            guest.expect(f -> f.length == 50 && f[Packet.IP + 9] == Packet.ICMP && f[49] == 99);
        }
    }

    private static byte[] frame(Random random, int port) {
        byte[] data = new byte[random.nextInt(300)];
        random.nextBytes(data);
        int from = PORT + random.nextInt(20);
        return switch (random.nextInt(6)) {
            case 0 -> WiredGuest.udp(Addresses.NAME_SERVER, from, 53, question("x".repeat(1 + random.nextInt(60))));
            case 1 -> WiredGuest.udp(-1, 68, 67, Arrays.copyOf(data, 300));
            case 2 -> WiredGuest.udp(Addresses.GATEWAY, from, port, data);
            case 3 -> WiredGuest.ip(random.nextInt(20), Addresses.GATEWAY, data);
            default -> WiredGuest.tcp(Addresses.GATEWAY, from, port, random.nextInt(3000), random.nextInt(), random.nextInt(32), data);
        };
    }

    private static byte[] ask(WiredGuest guest, String name) throws InterruptedException {
        guest.send(WiredGuest.udp(Addresses.NAME_SERVER, PORT, 53, question(name)));
        byte[] frame = guest.expect(f -> f[Packet.IP + 9] == Packet.UDP);
        return Arrays.copyOfRange(frame, Packet.BODY + 8, frame.length);
    }

    private static byte[] question(String name) {
        byte[] query = new byte[12 + name.length() + 2 + 4];
        Packet.put16(query, 2, 0x0100);
        Packet.put16(query, 4, 1);
        int at = 12;
        for (String label : name.split("\\.")) {
            query[at] = (byte) label.length();
            System.arraycopy(label.getBytes(StandardCharsets.US_ASCII), 0, query, at + 1, label.length());
            at += 1 + label.length();
        }
        Packet.put16(query, at + 1, 1);
        Packet.put16(query, at + 3, 1);
        return query;
    }

    private static List<Allowed> host(int port) { return List.of(new Allowed(Allowed.HOST, port)); }

    private static UserNetwork network(List<Allowed> allowed) throws IOException { return new UserNetwork(allowed, List.of()); }
}
