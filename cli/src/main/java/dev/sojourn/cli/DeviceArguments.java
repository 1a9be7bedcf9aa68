package dev.sojourn.cli;

import dev.sojourn.disk.DiskFormat;
import dev.sojourn.machine.Attachment;
import dev.sojourn.sandbox.Devices;
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
        if (disks.size() > Attachment.COUNT_MAX) {
            throw new UsageError("A guest has room for " + Attachment.COUNT_MAX + " disks, not " + disks.size() + ".");
        }
        return new Devices(disks);
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
