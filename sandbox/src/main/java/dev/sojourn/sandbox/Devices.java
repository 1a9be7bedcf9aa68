package dev.sojourn.sandbox;

import dev.sojourn.disk.DiskFormat;
import dev.sojourn.machine.Attachment;
import dev.sojourn.net.Allowed;
import dev.sojourn.net.Forward;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a sandbox has beside processors, memory and its console; a guest without any cannot tell that there could be some. */
public record Devices(List<Disk> disks, Optional<Network> network, List<Share> shares) {
    public static final Devices NONE = new Devices(List.of(), Optional.empty(), List.of());

    /**
     * A disk in a file of the host.
     *
     * @param format what the file is; if empty, its first bytes tell
     * @param mountPoint where the default guest mounts its file system, an absolute path; not at all if empty
     */
    public record Disk(Path file, Optional<DiskFormat> format, boolean readOnly, Optional<String> mountPoint) {
        public Disk {
            if (mountPoint.isPresent() && !mountPoint.get().startsWith("/")) {
                throw new IllegalArgumentException("not an absolute path: " + mountPoint.get());
            }
        }
    }

    /**
     * A network in user mode.
     *
     * @param allowed with whom the guest may speak; empty for the world, but not the host
     * @param forwards ports of the host that lead to the guest
     */
    public record Network(List<Allowed> allowed, List<Forward> forwards) {
        public Network {
            allowed = List.copyOf(allowed);
            forwards = List.copyOf(forwards);
        }
    }

    /**
     * A directory of the host.
     *
     * @param mountPoint where the default guest mounts it, an absolute path
     */
    public record Share(Path directory, String mountPoint, boolean readOnly) {
        public Share {
            if (!mountPoint.startsWith("/")) throw new IllegalArgumentException("not an absolute path: " + mountPoint);
        }
    }

    public Devices {
        disks = List.copyOf(disks);
        shares = List.copyOf(shares);
        if (disks.size() + shares.size() + (network.isPresent() ? 1 : 0) > Attachment.COUNT_MAX) {
            throw new IllegalArgumentException("more than " + Attachment.COUNT_MAX + " devices");
        }
    }

    public boolean isEmpty() { return disks.isEmpty() && network.isEmpty() && shares.isEmpty(); }

    /** The serial number by which a guest tells its disks apart. */
    public static String serial(int disk) { return "disk" + disk; }

    /** By which a guest mounts a shared directory. */
    public static String tag(int share) { return "share" + share; }
}
