package dev.sojourn.net;

import dev.sojourn.device.virtio.net.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes of frames: fields in network order, checksums, and the headers every packet to the guest begins with (RFC 791, 1071). */
final class Packet {
    static final int ETHERNET_BYTES = 14;
    static final int IP = ETHERNET_BYTES;
    static final int IP_BYTES = 20;
    /** Where what IPv4 carries begins in packets to the guest. */
    static final int BODY = IP + IP_BYTES;

    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_ARP = 0x0806;
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    /** The most an IPv4 packet on this network holds, unless TCP is to be cut. */
    static final int MTU = 1500;

    private static final int TIME_TO_LIVE = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Packet() {}

    static int get8(byte[] bytes, int at) { return bytes[at] & 0xff; }

    static int get16(byte[] bytes, int at) { return (short) SHORTS.get(bytes, at) & 0xffff; }

    static int get32(byte[] bytes, int at) { return (int) INTS.get(bytes, at); }

    static void put16(byte[] bytes, int at, int value) { SHORTS.set(bytes, at, (short) value); }

    static void put32(byte[] bytes, int at, int value) { INTS.set(bytes, at, value); }

    /** A frame to the guest with room for a body, its Ethernet and IPv4 headers filled in. */
    static byte[] toGuest(byte[] guestMac, int protocol, int source, int destination, int bodyBytes) {
        byte[] bytes = new byte[BODY + bodyBytes];
        System.arraycopy(guestMac, 0, bytes, 0, Addresses.MAC_BYTES);
        System.arraycopy(Addresses.gatewayMac(), 0, bytes, Addresses.MAC_BYTES, Addresses.MAC_BYTES);
        put16(bytes, 12, TYPE_IPV4);
        bytes[IP] = 0x45;
        put16(bytes, IP + 2, IP_BYTES + bodyBytes);
        put16(bytes, IP + 6, DO_NOT_FRAGMENT);
        bytes[IP + 8] = TIME_TO_LIVE;
        bytes[IP + 9] = (byte) protocol;
        put32(bytes, IP + 12, source);
        put32(bytes, IP + 16, destination);
        put16(bytes, IP + 10, checksum(bytes, IP, IP_BYTES, 0));
        return bytes;
    }

    /** Puts the checksum of TCP or UDP in, over a pseudo header, or leaves it to the guest. */
    static Frame withChecksum(byte[] bytes, int field, boolean leave, int segmentBytes) {
        int length = bytes.length - BODY;
        int pseudo = sum(bytes, IP + 12, 8, get8(bytes, IP + 9) + length);
        if (leave) {
            put16(bytes, BODY + field, fold(pseudo));
            return new Frame(bytes, bytes.length, BODY, field, segmentBytes);
        }
        int checksum = ~fold(sum(bytes, BODY, length, pseudo)) & 0xffff;
        put16(bytes, BODY + field, checksum == 0 ? 0xffff : checksum);
        return new Frame(bytes, bytes.length, 0, 0, 0);
    }

    static int checksum(byte[] bytes, int offset, int length, int start) { return ~fold(sum(bytes, offset, length, start)) & 0xffff; }

    private static int sum(byte[] bytes, int offset, int length, int start) {
        long sum = start & 0xffff_ffffL;
        for (int i = 0; i < length - 1; i += 2) {
            sum += get16(bytes, offset + i);
        }
        if ((length & 1) != 0) {
            sum += get8(bytes, offset + length - 1) << 8;
        }
        while (sum >>> 31 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    private static int fold(int sum) {
        int folded = (sum & 0xffff) + (sum >>> 16);
        return (folded & 0xffff) + (folded >>> 16) & 0xffff;
    }
}
