package dev.sojourn.device.bus;

import dev.sojourn.device.PortDevice;
import java.util.ArrayList;
import java.util.List;

/** The 65,536 I/O ports of a machine and who answers at each. */
public final class PortMap {
    public static final int PORTS = 0x1_0000;

    private static final int NOBODY = 0;

    private final char[] owner = new char[PORTS];
    private final List<Claim> claims = new ArrayList<>();

    public PortMap() { claims.add(new Claim(0, 0, new Nobody(), false)); }

    /** Gives a range to a device that takes accesses of any size that lie inside it. */
    public void claim(int first, int count, PortDevice device) { claim(first, count, device, false); }

    /** Gives a range to a device eight bits wide: the bus breaks wider accesses into bytes, lowest first. */
    public void claimBytes(int first, int count, PortDevice device) { claim(first, count, device, true); }

    /** @param size 1, 2 or 4 bytes; ports past 0xffff wrap to 0 */
    public int in(int port, int size) {
        Claim claim = claims.get(owner[port & PORTS - 1]);
        int offset = (port & PORTS - 1) - claim.first;
        if (claim.takes(offset, size)) {
            return claim.device.in(offset, size) & ones(size);
        }
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= inByte(port + i) << 8 * i;
        }
        return value;
    }

    /** @param size 1, 2 or 4 bytes; ports past 0xffff wrap to 0 */
    public void out(int port, int size, int value) {
        Claim claim = claims.get(owner[port & PORTS - 1]);
        int offset = (port & PORTS - 1) - claim.first;
        if (claim.takes(offset, size)) {
            claim.device.out(offset, size, value & ones(size));
            return;
        }
        for (int i = 0; i < size; i++) {
            outByte(port + i, value >>> 8 * i & 0xff);
        }
    }

    private void claim(int first, int count, PortDevice device, boolean bytesOnly) {
        if (first < 0 || count < 1 || count > PORTS - first) {
            throw new IllegalArgumentException("No such ports: " + count + " from " + Integer.toHexString(first));
        }
        for (int port = first; port < first + count; port++) {
            if (owner[port] != NOBODY) {
                throw new IllegalArgumentException("Port " + Integer.toHexString(port) + " is taken");
            }
        }
        claims.add(new Claim(first, count, device, bytesOnly));
        for (int port = first; port < first + count; port++) {
            owner[port] = (char) (claims.size() - 1);
        }
    }

    private int inByte(int port) {
        Claim claim = claims.get(owner[port & PORTS - 1]);
        return claim.device.in((port & PORTS - 1) - claim.first, 1) & 0xff;
    }

    private void outByte(int port, int value) {
        Claim claim = claims.get(owner[port & PORTS - 1]);
        claim.device.out((port & PORTS - 1) - claim.first, 1, value);
    }

    private static int ones(int size) { return size == 4 ? -1 : (1 << 8 * size) - 1; }

    private record Claim(int first, int count, PortDevice device, boolean bytesOnly) {
        boolean takes(int offset, int size) { return size == 1 || !bytesOnly && offset + size <= count; }
    }

    /** An undriven bus. */
    private static final class Nobody implements PortDevice {
        @Override public int in(int offset, int size) { return -1; }

        @Override public void out(int offset, int size, int value) {}
    }
}
