package dev.sojourn.net;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * With whom a guest may speak. Used on the network's thread.
 *
 * <p>Without a list: with the world, but not with the host itself by way of the gateway, nor with link-local addresses, where clouds
 * keep their machines' secrets. With a list: with nobody else, and other names do not resolve. An entry by name stands for the
 * addresses that the guest was given when it asked for that name.
 */
final class Policy {
    /** Addresses kept of one entry; a name with more is a service that changes them all the time, and the oldest are forgotten. */
    private static final int ADDRESSES_MAX = 4096;

    private final List<Allowed> list;
    private final boolean everything;
    private final Map<Allowed, Set<Integer>> resolved = new HashMap<>();

    /** @param list empty for the world */
    Policy(List<Allowed> list) {
        this.list = List.copyOf(list);
        everything = list.isEmpty();
    }

    /** Whether the guest may reach a port of an address. */
    boolean allows(int address, int port) {
        if (!isUnicast(address)) {
            return false;
        }
        for (Allowed entry : list) {
            if (entry.coversPort(port) && (entry.isAddress(address) || resolved.getOrDefault(entry, Set.of()).contains(address))) {
                return true;
            }
        }
        return everything && address != Addresses.GATEWAY && !isLinkLocal(address);
    }

    /** Whether the guest may learn the addresses behind a name. */
    boolean allowsName(String name) { return everything || list.stream().anyMatch(entry -> entry.isName(name)); }

    /** The guest was told an address of a name. */
    void resolved(String name, int address) {
        for (Allowed entry : list) {
            // A name may not be made to lead to the host or to its cloud.
            if (entry.isName(name.toLowerCase(Locale.ROOT)) && !isLinkLocal(address)) {
                Set<Integer> known = resolved.computeIfAbsent(entry, _ -> new HashSet<>());
                if (known.size() == ADDRESSES_MAX) {
                    known.clear();
                }
                known.add(address);
            }
        }
    }

    private static boolean isUnicast(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224 && (!Addresses.isLocal(address) || address == Addresses.GATEWAY);
    }

    private static boolean isLinkLocal(int address) { return address >>> 16 == 0xa9fe; }
}
