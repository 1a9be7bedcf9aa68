package dev.sojourn.host.command;

import dev.sojourn.machine.EngineKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What can be asked of a host that changes something. The command line, REST and tests build the same ones.
 *
 * <p>Each says in which states of a sandbox it is legal; in others it is refused as {@code wrong-state}.
 */
public sealed interface HostCommand {
    /** Makes a sandbox and starts it. Legal when nothing has this name; without one, the host finds one. */
    record Create(Optional<SandboxName> name, Creation creation) implements HostCommand {}

    /**
     * Asks the guest to end, and ends it if it has not after this time. Legal in every state; without effect on what has ended.
     *
     * @param timeout zero to end it at once
     */
    record Stop(SandboxName name, Duration timeout) implements HostCommand {
        /** Long enough for a database to close its files, short enough to wait for. */
        public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);

        public static final Duration TIMEOUT_MAX = Duration.ofHours(1);
    }

    /** Makes the guest stand still, with its clock. Legal while it runs; without effect on one that stands still. */
    record Pause(SandboxName name) implements HostCommand {}

    /** Lets it go on. Legal while it runs or stands still. */
    record Resume(SandboxName name) implements HostCommand {}

    /**
     * Writes a snapshot of the guest as it is, which goes on. Legal while it runs or stands still.
     *
     * @param file absolute, on the host; a snapshot of that name is replaced once the new one is whole
     */
    record Snapshot(SandboxName name, Path file) implements HostCommand {}

    /**
     * Makes a sandbox that goes on where a snapshot was taken, and starts it. Its input stays open. Legal when nothing has this name;
     * without one, the host finds one.
     *
     * @param file absolute, on the host; it must stay as it is while the sandbox lives
     */
    record Restore(Path file, Optional<SandboxName> name, EngineKind engine, Optional<Duration> timeLimit) implements HostCommand {}

    /** Makes sandboxes that go on from where this one is now, and share its memory. Legal while it runs or stands still. */
    record Clone(SandboxName name, int count) implements HostCommand {
        public static final int COUNT_MAX = 256;
    }

    /**
     * Moves a sandbox to another host while it runs. Legal while it runs.
     *
     * @param target where that host listens: an address and a port
     * @param downtime for which it may stand still
     * @param bytesPerSecond that may be sent while it runs; empty for no limit
     */
    record Migrate(SandboxName name, String target, Duration downtime, Optional<Long> bytesPerSecond) implements HostCommand {
        public static final Duration DOWNTIME_DEFAULT = Duration.ofMillis(300);

        public static final Duration DOWNTIME_MAX = Duration.ofMinutes(1);

        private static final Pattern TARGET = Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\]):[0-9]{1,5}");

        public Migrate {
            if (!isTarget(target)) throw new IllegalArgumentException("no address and port: " + target);
        }

        public static boolean isTarget(String text) { return TARGET.matcher(text).matches(); }
    }

    /**
     * Forgets a sandbox and its output. Legal once it has ended or is lost.
     *
     * @param force whether one that still runs is ended first
     */
    record Remove(SandboxName name, boolean force) implements HostCommand {}
}
