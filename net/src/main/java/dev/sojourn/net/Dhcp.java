package dev.sojourn.net;


/** A DHCP server with one address to give (RFC 2131). */
final class Dhcp {
    private static final int CLIENT_PORT = 68;
    private static final int SERVER_PORT = 67;
    private static final int FIXED_BYTES = 240;
    private static final int COOKIE = 0x6382_5363;
    private static final int HARDWARE_BYTES = 16;

    private static final int BOOT_REQUEST = 1;
    private static final int BOOT_REPLY = 2;
    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;
    private static final int NAK = 6;
    private static final int INFORM = 8;

    private static final int OPTION_PAD = 0;
    private static final int OPTION_MASK = 1;
    private static final int OPTION_ROUTER = 3;
    private static final int OPTION_NAME_SERVER = 6;
    private static final int OPTION_ADDRESS = 50;
    private static final int OPTION_LEASE = 51;
    private static final int OPTION_TYPE = 53;
    private static final int OPTION_SERVER = 54;
    private static final int OPTION_END = 255;

    private static final int LEASE_SECONDS = 86_400;
    private static final int REPLY_BYTES = 300;

    private final GuestPort guest;

    Dhcp(GuestPort guest) { this.guest = guest; }

    void message(byte[] bytes, int at, int length) {
        if (length < FIXED_BYTES || bytes[at] != BOOT_REQUEST || Packet.get32(bytes, at + 236) != COOKIE) {
            return;
        }
        int options = at + FIXED_BYTES;
        int end = at + length;
        int type = option(bytes, options, end, OPTION_TYPE, 1, 0);
        int wanted = option(bytes, options, end, OPTION_ADDRESS, 4, Packet.get32(bytes, at + 12));
        switch (type) {
            case DISCOVER -> reply(bytes, at, OFFER);
            case REQUEST -> reply(bytes, at, wanted == Addresses.GUEST ? ACK : NAK);
            case INFORM -> reply(bytes, at, ACK);
            default -> {}                // a release, or nothing of ours
        }
    }

    private void reply(byte[] request, int at, int type) {
        byte[] reply = new byte[REPLY_BYTES];
        System.arraycopy(request, at, reply, 0, 12);
        reply[0] = BOOT_REPLY;
        if (type != NAK) {
            Packet.put32(reply, 16, Addresses.GUEST);
        }
        Packet.put32(reply, 20, Addresses.GATEWAY);
        System.arraycopy(request, at + 28, reply, 28, HARDWARE_BYTES);
        Packet.put32(reply, 236, COOKIE);
        int end = put(reply, FIXED_BYTES, OPTION_TYPE, 1, type);
        end = put(reply, end, OPTION_SERVER, 4, Addresses.GATEWAY);
        if (type != NAK) {
            end = put(reply, end, OPTION_LEASE, 4, LEASE_SECONDS);
            end = put(reply, end, OPTION_MASK, 4, Addresses.NETMASK);
            end = put(reply, end, OPTION_ROUTER, 4, Addresses.GATEWAY);
            end = put(reply, end, OPTION_NAME_SERVER, 4, Addresses.NAME_SERVER);
        }
        reply[end] = (byte) OPTION_END;
        guest.sendUdp(Addresses.GATEWAY, SERVER_PORT, Addresses.BROADCAST, CLIENT_PORT, reply, reply.length);
    }

    private static int put(byte[] reply, int at, int option, int bytes, int value) {
        reply[at] = (byte) option;
        reply[at + 1] = (byte) bytes;
        if (bytes == 1) {
            reply[at + 2] = (byte) value;
        } else {
            Packet.put32(reply, at + 2, value);
        }
        return at + 2 + bytes;
    }

    private static int option(byte[] bytes, int start, int end, int kind, int size, int otherwise) {
        int at = start;
        while (at < end && Packet.get8(bytes, at) != OPTION_END) {
            if (bytes[at] == OPTION_PAD) {
                at++;
                continue;
            }
            if (at + 2 > end || at + 2 + Packet.get8(bytes, at + 1) > end) {
                return otherwise;
            }
            if (Packet.get8(bytes, at) == kind && Packet.get8(bytes, at + 1) == size) {
                return size == 1 ? Packet.get8(bytes, at + 2) : Packet.get32(bytes, at + 2);
            }
            at += 2 + Packet.get8(bytes, at + 1);
        }
        return otherwise;
    }
}
