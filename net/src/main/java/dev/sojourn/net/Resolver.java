package dev.sojourn.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The host's own way of looking names up. Blocks. */
class Resolver {
    /** IPv4 addresses of a name; none if there is no such name. */
    List<Integer> addresses(String name) {
        try {
            List<Integer> found = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(name)) {
                if (address instanceof Inet4Address) {
                    found.add(Addresses.of(address.getAddress()));
                }
            }
            return found;
        } catch (UnknownHostException _) {
            return List.of();
        }
    }
}
