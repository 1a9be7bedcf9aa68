package dev.sojourn.cli;

import dev.sojourn.disk.DiskFormat;
import dev.sojourn.machine.Attachment;
import dev.sojourn.net.Allowed;
import dev.sojourn.net.Forward;
import dev.sojourn.sandbox.Devices;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/** The options that give a guest devices. */
final class DeviceArguments {
    private static final String[] NONE = {};

    private DeviceArguments() {}

    /** @param image whether the guest is a kernel of the user's own, which mounts and configures for itself */
    static Devices devices(ParseResult options, boolean image) throws UsageError {
        List<Devices.Disk> disks = new ArrayList<>();
        for (String text : options.matchedOptionValue("--disk", NONE)) disks.add(disk(text, image));
        Optional<Devices.Network> network = network(options.matchedOptionValue("--net", "none"));
        if (network.isPresent() && options.matchedOptionValue("--deterministic", false)) {
            throw new UsageError("--net user does not go with --deterministic: what others send comes at no time that could be repeated.");
        }
        List<Devices.Share> shares = new ArrayList<>();
        for (String text : options.matchedOptionValue("--share", NONE)) shares.add(share(text));
        int count = disks.size() + shares.size() + (network.isPresent() ? 1 : 0);
        if (count > Attachment.COUNT_MAX) {
            throw new UsageError("A guest has room for " + Attachment.COUNT_MAX + " disks, shares and networks together, not " + count + ".");
        }
        return new Devices(disks, network, shares);
    }

    private static Devices.Share share(String text) throws UsageError {
        boolean readOnly = text.endsWith(":ro");
        String pair = text.replaceFirst(":r[ow]$", "");
        int colon = pair.lastIndexOf(":/");
        if (colon <= 0) throw new UsageError("--share needs DIRECTORY:PATH[:ro] with an absolute path in the guest, not '" + text + "'.");
        return new Devices.Share(Arguments.path("--share", pair.substring(0, colon)), pair.substring(colon + 1), readOnly);
    }

    private static Optional<Devices.Network> network(String text) throws UsageError {
        String[] parts = text.split(",", -1);
        if (!parts[0].equals("user") && !text.equals("none")) throw new UsageError("--net needs none or user, not '" + parts[0] + "'.");
        List<Allowed> allowed = new ArrayList<>();
        List<Forward> forwards = new ArrayList<>();
        for (String part : List.of(parts).subList(1, parts.length)) {
            if (part.startsWith("allow=")) {
                allowed.add(allowed(part.substring("allow=".length())));
            } else if (part.startsWith("forward=")) {
                forwards.add(forward(part.substring("forward=".length())));
            } else {
                throw new UsageError("--net user takes allow=HOST:PORT and forward=[ADDRESS:]PORT:GUESTPORT, not '" + part + "'.");
            }
        }
        return parts[0].equals("none") ? Optional.empty() : Optional.of(new Devices.Network(allowed, forwards));
    }

    private static Allowed allowed(String text) throws UsageError {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        try {
            if (colon > 0) return new Allowed(text.substring(0, colon), port.equals("*") ? 0 : port(port));
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw new UsageError("--net allow= needs HOST:PORT, such as deb.debian.org:80 or 10.0.0.7:*, not '" + text + "'.");
    }

    private static Forward forward(String text) throws UsageError {
        String[] parts = text.split(":", -1);
        try {
            if (parts.length == 2 || parts.length == 3) {
                InetAddress address = InetAddress.ofLiteral(parts.length == 3 ? parts[0] : "127.0.0.1");
                return new Forward(new InetSocketAddress(address, port(parts[parts.length - 2])), port(parts[parts.length - 1]));
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw new UsageError("--net forward= needs [ADDRESS:]PORT:GUESTPORT, such as 127.0.0.1:8080:80, not '" + text + "'.");
    }

    private static int port(String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 0xffff) throw new IllegalArgumentException("not a port: " + text);
        return port;
    }

    private static Devices.Disk disk(String text, boolean image) throws UsageError {
        Settings settings = Settings.of("--disk", text, Set.of("readonly", "format", "mount"));
        Optional<DiskFormat> format = switch (settings.get("format").orElse("")) {
            case "" -> Optional.empty();
            case "raw" -> Optional.of(DiskFormat.RAW);
            case "qcow2" -> Optional.of(DiskFormat.QCOW2);
            default -> throw new UsageError("--disk format= needs raw or qcow2, not '" + settings.get("format").get() + "'.");
        };
        Optional<String> mount = settings.get("mount");
        if (mount.isPresent() && !mount.get().startsWith("/")) {
            throw new UsageError("--disk mount= needs an absolute path in the guest, not '" + mount.get() + "'.");
        }
        if (mount.isPresent() && image) throw new UsageError("--disk mount= is for the default guest and does not go with --kernel.");
        return new Devices.Disk(Arguments.path("--disk", settings.first), format, settings.yes("readonly"), mount);
    }

    /**
     * A text {@code FIRST,KEY=VALUE,...}. What does not begin with a known key belongs to the first part, so that a file's name may
     * hold commas.
     */
    private record Settings(String option, String first, Map<String, String> values) {
        static Settings of(String option, String text, Set<String> keys) throws UsageError {
            Map<String, String> values = new LinkedHashMap<>();
            String rest = text;
            for (int comma = rest.lastIndexOf(','); comma >= 0; comma = rest.lastIndexOf(',')) {
                String part = rest.substring(comma + 1);
                int equals = part.indexOf('=');
                if (equals < 0 || !keys.contains(part.substring(0, equals))) break;
                if (values.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
                    throw new UsageError(option + " has " + part.substring(0, equals + 1) + " twice.");
                }
                rest = rest.substring(0, comma);
            }
            return new Settings(option, rest, values);
        }

        Optional<String> get(String key) { return Optional.ofNullable(values.get(key)); }

        boolean yes(String key) throws UsageError {
            String value = values.getOrDefault(key, "no");
            if (!value.equals("yes") && !value.equals("no")) {
                throw new UsageError(option + " " + key + "= needs yes or no, not '" + value + "'.");
            }
            return value.equals("yes");
        }
    }
}
