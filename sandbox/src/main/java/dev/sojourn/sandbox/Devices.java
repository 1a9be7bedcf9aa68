package dev.sojourn.sandbox;

import dev.sojourn.disk.DiskFormat;
import dev.sojourn.machine.Attachment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a sandbox has beside processors, memory and its console; a guest without any cannot tell that there could be some. */
public record Devices(List<Disk> disks) {
    public static final Devices NONE = new Devices(List.of());

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

    public Devices {
        disks = List.copyOf(disks);
        if (disks.size() > Attachment.COUNT_MAX) {
            throw new IllegalArgumentException(disks.size() + " devices");
        }
    }

    /** Devices that take a place in the machine. */
    public int count() { return disks.size(); }

    /** The serial number by which a guest tells its disks apart. */
    public static String serial(int disk) { return "disk" + disk; }
}
