package dev.sojourn.sandbox.guest;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.initramfs.InitramfsBuilder;
import dev.sojourn.sandbox.Devices;
import dev.sojourn.sandbox.Guest;
import dev.sojourn.sandbox.IoReasons;
import dev.sojourn.sandbox.SandboxError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The default guest's root file system, as an initial RAM file system.
 *
 * <p>What is Sojourn's own lies in {@code /.sojourn}, out of the way of whatever is laid over the root: the first
 * process, busybox with the names that process uses, the kernel modules, and the command as a script.
 */
public final class GuestRoot {
    /** The first process. */
    public static final String INIT = "/.sojourn/init";

    private static final String HOME = ".sojourn/";

    private static final List<String> DIRECTORIES = List.of("bin", "dev", "etc", "proc", "root", "run", "sbin", "sys",
            "tmp",
            "usr", "usr/bin", "usr/sbin", "usr/local", "usr/local/bin", "usr/local/sbin", "var", "var/tmp",
            HOME + "bin", HOME + "modules");

    private static final List<String> PROBE_DIRECTORIES = List.of("dev", "proc", "sys", HOME, HOME + "bin");

    private GuestRoot() {}

    /** The archive the kernel unpacks. */
    public static byte[] of(Guest.Command command, Devices devices) throws SandboxError {
        InitramfsBuilder root = new InitramfsBuilder();
        try {
            addDefaults(root);
            for (Path overlay : command.overlays()) {
                if (!Files.exists(overlay)) {
                    throw new SandboxError("There is no directory or tar file at " + overlay
                            + "; check the path of the root.");
                }
                root.overlay(overlay);
            }
            addOwn(root, command, devices);
            return root.toBytes();
        } catch (BadImage e) {
            throw new SandboxError(e.getMessage());
        }
    }

    /** The archive of a script: itself, busybox and the console. */
    public static byte[] of(Guest.Probe probe) throws SandboxError {
        InitramfsBuilder root = new InitramfsBuilder();
        try {
            for (String directory : PROBE_DIRECTORIES) root.directory(directory, 0755);
            root.characterDevice("dev/console", 0600, 5, 1);
            root.file(HOME + "bin/busybox", 0755, read(probe.busybox()));
            root.symbolicLink(HOME + "bin/sh", "busybox");
            root.file(HOME + "init", 0755, text("#!/.sojourn/bin/sh\n" + probe.script()));
            return root.toBytes();
        } catch (BadImage e) {
            throw new SandboxError(e.getMessage());
        }
    }

    private static void addDefaults(InitramfsBuilder root) throws BadImage {
        for (String directory : DIRECTORIES) root.directory(directory, 0755);
        root.directory("root", 0700);
        root.directory("tmp", 01777);
        root.directory("var/tmp", 01777);
        root.file("etc/passwd", 0644, text("root:x:0:0:root:/root:/bin/sh\n"
                + "nobody:x:65534:65534:nobody:/:/bin/false\n"));
        root.file("etc/group", 0644, text("root:x:0:\ntty:x:5:\nnogroup:x:65534:\n"));
        root.file("etc/hosts", 0644, text("127.0.0.1 localhost sojourn\n"));
        root.file("etc/hostname", 0644, text("sojourn\n"));
    }

    /** Comes last, so that nothing that was laid over the root replaces it or lies beside it. */
    private static void addOwn(InitramfsBuilder root, Guest.Command command, Devices devices) throws SandboxError, BadImage {
        GuestFiles files = command.files();
        root.file(".sojourn", 0, new byte[0]);
        root.directory(".sojourn", 0755);
        root.directory(HOME + "bin", 0755);
        root.directory(HOME + "modules", 0755);
        root.characterDevice("dev/console", 0600, 5, 1);
        root.file(HOME + "init", 0755, resource("init.sh"));
        root.file(HOME + "bin/busybox", 0755, read(files.busybox()));
        root.symbolicLink(HOME + "bin/sh", "busybox");
        StringBuilder settings = new StringBuilder("terminal=" + (command.terminal() ? "yes" : "no") + "\nmodules='");
        for (Path module : modules(files, devices)) {
            String name = module.getFileName().toString();
            root.file(HOME + "modules/" + name, 0644, read(module));
            settings.append(name).append(' ');
        }
        settings.append("'\n").append(DeviceSettings.of(devices));
        root.file(HOME + "settings", 0644, text(settings.toString()));
        root.file(HOME + "command", 0755, CommandScript.of(command.arguments(), command.environment(),
                command.workingDirectory(), command.terminal()));
    }

    private static List<Path> modules(GuestFiles files, Devices devices) throws SandboxError {
        try {
            return files.modules(DeviceSettings.modules(devices));
        } catch (IOException e) {
            throw damaged(files.kernel(), e);
        }
    }

    private static SandboxError damaged(Path file, IOException e) {
        return new SandboxError("The default guest is damaged (" + IoReasons.of(e) + "); remove the folder "
                + file.getParent() + " to have it fetched again.");
    }

    private static byte[] read(Path file) throws SandboxError {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream stream = GuestRoot.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] text(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}
