package dev.sojourn.sandbox.guest;

import java.nio.file.Path;
import java.util.List;

/**
 * The default guest's parts, as files of the host.
 *
 * @param version what they are, for people
 * @param modules kernel modules, in the order in which they must be loaded
 */
public record GuestFiles(String version, Path kernel, Path busybox, List<Path> modules) {
    public GuestFiles { modules = List.copyOf(modules); }
}
