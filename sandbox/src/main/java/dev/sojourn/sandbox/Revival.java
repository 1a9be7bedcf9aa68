package dev.sojourn.sandbox;

import dev.sojourn.machine.EngineKind;
import java.time.Duration;
import java.util.Optional;

/**
 * How a sandbox goes on that was saved: all that the guest cannot tell.
 *
 * @param engine how its instructions run, which need not be as before
 * @param timeLimit how long the guest may run from here
 * @param determinism for one that was deterministic and is to go on so; its seed counts for those that are to differ from then on
 * @param devices what is behind the devices it was saved with: the same disks with the same content, which no snapshot holds
 */
public record Revival(EngineKind engine, Optional<Duration> timeLimit, Optional<Determinism> determinism, Devices devices) {
    /** Of a sandbox without devices. */
    public Revival(EngineKind engine, Optional<Duration> timeLimit, Optional<Determinism> determinism) {
        this(engine, timeLimit, determinism, Devices.NONE);
    }

    /** In real time, without a limit. */
    public Revival(EngineKind engine) { this(engine, Optional.empty(), Optional.empty()); }
}
