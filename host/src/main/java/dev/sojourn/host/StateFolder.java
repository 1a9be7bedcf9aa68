package dev.sojourn.host;

import com.google.gson.JsonObject;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.PrivateFiles;
import dev.sojourn.host.command.Fields;
import dev.sojourn.sandbox.IoReasons;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The user's folder for what outlives a host: {@code lock}, {@code host.json}, {@code token}, {@code host.log} and
 * {@code sandboxes/}. Nobody else may read it.
 *
 * <p>Implementation notes. Whoever holds {@code lock} exclusively is the host of this folder; the operating system lets go of it
 * however that process ends, so nothing stale is in anybody's way. {@code host.json} says where it listens and has its token; it
 * counts only while the lock is held. A token is of one host's life: one sent to whoever got the port of a dead host is of no use.
 * A client looks by asking for the lock shared, for an instant; a host that starts just then tries again.
 */
public record StateFolder(Path path) {
    /** Where a host listens. */
    public record Address(int port, long pid, String token) {}

    private static final int PORT_MAX = 0xffff;

    /** The folder by the rules: {@code SOJOURN_HOME}, or {@code sojourn} in {@code XDG_STATE_HOME} or {@code ~/.local/state}. */
    public static StateFolder of(Map<String, String> environment, String home) throws HostError {
        String own = environment.getOrDefault("SOJOURN_HOME", "");
        if (!own.isEmpty()) {
            if (own.startsWith("/")) return new StateFolder(Path.of(own).normalize());
            throw new HostError(Code.BAD_REQUEST, "SOJOURN_HOME needs an absolute path, not '" + own + "'.");
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.startsWith("/") ? Path.of(state) : Path.of(home, ".local", "state");
        return new StateFolder(base.resolve("sojourn").normalize());
    }

    /** Makes it if it is not there, and refuses one that others can enter. */
    public void prepare() throws HostError {
        try {
            PrivateFiles.createFolder(path);
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
            permissions.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            if (!permissions.isEmpty()) {
                throw new HostError(Code.HOST_FAILED, "The state folder " + path + " can be entered by others; 'chmod 700 " + path
                        + "' prevents that.");
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    public Path moves() { return path.resolve("moves"); }

    public Path sandboxes() { return path.resolve("sandboxes"); }

    public Path log() { return path.resolve("host.log"); }

    /** Whether anything was ever recorded here. */
    public boolean isUsed() { return Files.isDirectory(sandboxes()); }

    /** Becomes the host of this folder, for as long as the lock is open; empty if there is one. */
    public Optional<FileLock> take() throws HostError, InterruptedException {
        try {
            FileChannel channel = FileChannel.open(path.resolve("lock"), EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE), PrivateFiles.mode("rw-------"));
            FileLock lock = tryLock(channel, false);
            for (int tries = 0; lock == null && tries < 5; tries++) {
                Thread.sleep(20);
                lock = tryLock(channel, false);
            }
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            Files.deleteIfExists(path.resolve("host.json"));
            Files.deleteIfExists(path.resolve("token"));
            return Optional.of(lock);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Says where the host listens. */
    public void publish(Address address) throws HostError {
        JsonObject json = new JsonObject();
        json.addProperty("port", address.port);
        json.addProperty("pid", address.pid);
        json.addProperty("token", address.token);
        try {
            PrivateFiles.replace(path.resolve("token"), address.token + "\n");
            PrivateFiles.replace(path.resolve("host.json"), json + "\n");
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Takes that back. */
    public void unpublish() throws IOException {
        Files.deleteIfExists(path.resolve("host.json"));
        Files.deleteIfExists(path.resolve("token"));
    }

    /** Whether a host has this folder now, or is about to start or end on it. */
    public boolean isHosted() throws HostError {
        try (FileChannel channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.READ);
                FileLock lock = tryLock(channel, true)) {
            return lock == null;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Where this folder's host listens; empty if none does yet. Of use while {@link #isHosted}. */
    public Optional<Address> address() throws HostError {
        try {
            Fields fields = Fields.parse(Files.readString(path.resolve("host.json")));
            return Optional.of(new Address(fields.whole("port", 1, PORT_MAX).orElse(1L).intValue(),
                    fields.whole("pid", 1, Integer.MAX_VALUE).orElse(1L), fields.textOr("token", "")));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** @return null if somebody else has it, be it in this process */
    private static FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private HostError unusable(IOException e) {
        return new HostError(Code.HOST_FAILED, "The state folder " + path + " cannot be used: " + IoReasons.of(e)
                + "; set SOJOURN_HOME to a folder that can be written.");
    }
}
