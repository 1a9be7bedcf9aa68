package dev.sojourn.net;

import java.net.InetSocketAddress;

/** A port of the host behind which a port of the guest answers, by TCP. */
public record Forward(InetSocketAddress host, int guestPort) {
    public Forward {
        if (guestPort < 1 || guestPort > 0xffff) {
            throw new IllegalArgumentException("Port " + guestPort);
        }
    }
}
