package dev.sojourn.host.command;

import java.time.Duration;
import java.util.Optional;

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

    /**
     * Forgets a sandbox and its output. Legal once it has ended or is lost.
     *
     * @param force whether one that still runs is ended first
     */
    record Remove(SandboxName name, boolean force) implements HostCommand {}
}
