package dev.sojourn.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The network's own addresses. An IPv4 address is an int with its first byte on top. */
public final class Addresses {
    public static final int GATEWAY = 0x0a00_0202;
    public static final int NAME_SERVER = 0x0a00_0203;
    public static final int GUEST = 0x0a00_020f;
    public static final int NETMASK = 0xffff_ff00;

    static final int BROADCAST = -1;
    static final int MAC_BYTES = 6;

    private static final byte[] GUEST_MAC = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    private static final byte[] GATEWAY_MAC = {0x52, 0x55, 0x0a, 0x00, 0x02, 0x02};

    private Addresses() {}

    /** The address of the guest's card, a locally administered one. */
    public static byte[] guestMac() { return GUEST_MAC.clone(); }

    /** The address of all that is not the guest. */
    static byte[] gatewayMac() { return GATEWAY_MAC.clone(); }

    /** Whether it is one of this network's own. */
    static boolean isLocal(int address) { return (address & NETMASK) == (GATEWAY & NETMASK); }

    static boolean isOurs(int address) { return address == GATEWAY || address == NAME_SERVER; }

    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    static InetAddress inet(int address) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8),
                (byte) address});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static int of(byte[] address) {
        return (address[0] & 0xff) << 24 | (address[1] & 0xff) << 16 | (address[2] & 0xff) << 8 | address[3] & 0xff;
    }
}
