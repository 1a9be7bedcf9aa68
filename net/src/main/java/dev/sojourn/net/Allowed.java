package dev.sojourn.net;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of a list of those with whom a guest may speak.
 *
 * @param host an IPv4 address, a name, {@code *.} and a name for all below it, or {@code host} for this computer itself
 * @param port 0 for all of them
 */
public record Allowed(String host, int port) {
    /** By which a list names the computer the guest runs on; the guest reaches it at the gateway's address. */
    public static final String HOST = "host";

    private static final Pattern ADDRESS = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    public Allowed {
        host = host.toLowerCase(Locale.ROOT);
        if (host.length() > 253 || !NAME.matcher(host).matches()) {
            throw new IllegalArgumentException("not a name or an address: " + host);
        }
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    boolean coversPort(int port) { return this.port == 0 || this.port == port; }

    boolean isAddress(int address) {
        if (host.equals(HOST)) {
            return address == Addresses.GATEWAY;
        }
        Matcher parts = ADDRESS.matcher(host);
        if (!parts.matches() || address == Addresses.GATEWAY) {
            return false;
        }
        int value = 0;
        for (int i = 1; i <= 4; i++) {
            value = value << 8 | Integer.parseInt(parts.group(i)) & 0xff;
        }
        return value == address;
    }

    boolean isName(String name) {
        return host.startsWith("*.") ? name.endsWith(host.substring(1)) : host.equals(name) && !host.equals(HOST);
    }
}
