package dev.sojourn.sandbox.guest;

import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The user's folder of default guests: one folder for each version, and a file that names the one in use.
 *
 * <p>Layout, number 2: {@code guests-2/current} holds a version and a line feed; {@code guests-2/VERSION/} holds
 * {@code vmlinuz}, {@code busybox} and {@code modules/NN-NAME.ko}, numbered in loading order. A version's folder
 * appears complete or not at all, by a rename, and never changes afterwards. Whoever fetches holds a lock; the
 * operating system lets go of it however that process ends, and the next one removes what was left behind.
 */
public final class GuestCache {
    /** What some guest may need: the transport of virtio devices, the ports, disks, networks, shared directories. */
    private static final List<String> MODULES = List.of("virtio_mmio", "virtio_console", "virtio_blk", "virtio_net", "virtiofs",
            "overlay", "ext4", "crc32c_intel", "xen_blkfront", "xen_netfront", "virtio_balloon", "virtio_rng",
            "vmw_vsock_virtio_transport");

    /** Those, and what they need in the kernels that are known. */
    private static final Pattern WANTED = Pattern.compile(".*/modules/.*/(virtio[a-z_-]*|net_failover|failover|fuse|overlay|ext4|jbd2"
            + "|mbcache|crc16|crc32c[_-]intel|crc32c_generic|libcrc32c|xen-(blk|net)front|rng-core|vsock|vmw_vsock_virtio_[a-z_]*)"
            + "\\.ko(\\.xz)?");

    private final Path folder;

    /** @param cache the user's cache folder for this program; need not exist yet */
    public GuestCache(Path cache) { folder = cache.toAbsolutePath().resolve("guests-2"); }

    /** The program that would fetch a guest, if this host has it. */
    public static Optional<Path> packageClient() { return PackageClient.program(); }

    /** The guest in use, if there is one. */
    public Optional<GuestFiles> present() throws SandboxError {
        try {
            Path current = folder.resolve("current");
            if (!Files.exists(current)) return Optional.empty();
            String version = Files.readString(current).strip();
            Path guest = folder.resolve(version);
            if (!version.matches("[A-Za-z0-9][A-Za-z0-9.+~_-]*") || !Files.exists(guest.resolve("vmlinuz"))) {
                return Optional.empty();
            }
            try (Stream<Path> modules = Files.list(guest.resolve("modules"))) {
                return Optional.of(new GuestFiles(version, guest.resolve("vmlinuz"), guest.resolve("busybox"),
                        modules.sorted().toList()));
            }
        } catch (IOException e) {
            throw new SandboxError("The default guest in " + folder + " cannot be read: " + IoReasons.of(e)
                    + "; remove that folder to have it fetched again.");
        }
    }

    /** The guest in use; fetched first if there is none. */
    public GuestFiles get(Progress progress) throws SandboxError {
        Optional<GuestFiles> present = present();
        return present.isPresent() ? present.get() : fetchAlone(progress);
    }

    private GuestFiles fetchAlone(Progress progress) throws SandboxError {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE); FileLock _ = channel.lock()) {
                Optional<GuestFiles> byAnother = present();
                if (byAnother.isPresent()) return byAnother.get();
                sweep();
                Path work = Files.createTempDirectory(folder, ".new");
                try {
                    return install(new PackageClient(work, progress).fetch(), work, progress);
                } finally {
                    delete(work);
                }
            }
        } catch (IOException e) {
            throw new SandboxError("The default guest cannot be stored in " + folder + ": " + IoReasons.of(e)
                    + "; set XDG_CACHE_HOME to a folder that can be written.");
        }
    }

    private GuestFiles install(PackageClient.Fetched fetched, Path work, Progress progress) throws IOException,
            SandboxError {
        progress.step("Unpacking the default guest ...");
        Path guest = Files.createDirectory(work.resolve("guest"));
        Map<String, byte[]> kernel = unpack(fetched.kernel());
        Files.write(guest.resolve("vmlinuz"), only(kernel, "/boot/vmlinuz-", fetched.kernel()));
        Files.write(guest.resolve("busybox"), only(unpack(fetched.busybox()), "/busybox", fetched.busybox()));
        Path modules = Files.createDirectory(guest.resolve("modules"));
        int number = 0;
        for (Map.Entry<String, byte[]> module : loadingOrder(kernel).entrySet()) {
            Files.write(modules.resolve("%02d-%s.ko".formatted(number++, module.getKey())), module.getValue());
        }
        String name = fetched.kernel().getFileName().toString();
        String version = name.substring("linux-image-".length(), name.length() - ".deb".length())
                .replaceAll("[^A-Za-z0-9.+~_-]", "_");
        delete(folder.resolve(version));
        Files.move(guest, folder.resolve(version), StandardCopyOption.ATOMIC_MOVE);
        Path current = Files.writeString(work.resolve("current"), version + "\n");
        Files.move(current, folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
        return present().orElseThrow(() -> new SandboxError("The default guest was stored in " + folder
                + " but is not there."));
    }

    private static Map<String, byte[]> unpack(Path file) throws SandboxError {
        try {
            return DebianPackage.files(file, path -> path.startsWith("/boot/vmlinuz-") || path.endsWith("/bin/busybox")
                    || WANTED.matcher(path).matches());
        } catch (IOException e) {
            throw new SandboxError("The fetched package " + file.getFileName() + " cannot be unpacked: "
                    + IoReasons.of(e) + ".");
        }
    }

    private static byte[] only(Map<String, byte[]> files, String part, Path source) throws SandboxError {
        return files.entrySet().stream().filter(file -> file.getKey().contains(part)).map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new SandboxError("The fetched package " + source.getFileName() + " holds no " + part
                + "."));
    }

    /** The modules the guest needs and what those need, each after what it depends on. */
    private static Map<String, byte[]> loadingOrder(Map<String, byte[]> files) throws IOException, SandboxError {
        Map<String, byte[]> byName = new TreeMap<>();
        files.forEach((path, content) -> byName.put(moduleName(path), content));
        Map<String, byte[]> order = new LinkedHashMap<>();
        for (String name : MODULES) addAfterDependencies(name, byName, order, new ArrayList<>());
        return order;
    }

    private static void addAfterDependencies(String name, Map<String, byte[]> all, Map<String, byte[]> order,
            List<String> above) throws IOException, SandboxError {
        if (order.containsKey(name) || above.contains(name)) return;
        byte[] module = all.get(name);
        if (module == null) return;    // Compiled into the kernel.
        above.add(name);
        for (String needed : KernelModule.dependencies(module)) addAfterDependencies(needed, all, order, above);
        order.put(name, module);
    }

    private static String moduleName(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.ko(\\.xz)?$", "").replace('-', '_');
    }

    /** Removes what fetches that were cut off have left. */
    private void sweep() throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.filter(file -> file.getFileName().toString().startsWith(".new")).toList();
        }
        for (Path file : left) delete(file);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) return;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(tree)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) Files.deleteIfExists(file);
    }
}
