package dev.sojourn.sandbox.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The default guest's parts, as files of the host.
 *
 * @param version what they are, for people
 * @param modules kernel modules, in the order in which they must be loaded
 */
public record GuestFiles(String version, Path kernel, Path busybox, List<Path> modules) {
    public GuestFiles { modules = List.copyOf(modules); }

    /** Of the modules, those named and what they need, in loading order. One that is not there is compiled into the kernel. */
    List<Path> modules(Collection<String> names) throws IOException {
        Set<String> needed = new HashSet<>(names);
        for (Path module : modules.reversed()) {
            if (needed.contains(name(module))) needed.addAll(KernelModule.dependencies(Files.readAllBytes(module)));
        }
        return modules.stream().filter(module -> needed.contains(name(module))).toList();
    }

    private static String name(Path module) {
        return module.getFileName().toString().replaceFirst("^[0-9]+-", "").replaceFirst("\\.ko$", "").replace('-', '_');
    }
}
