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
 */
public record Revival(EngineKind engine, Optional<Duration> timeLimit, Optional<Determinism> determinism) {
    /** In real time, without a limit. */
    public Revival(EngineKind engine) { this(engine, Optional.empty(), Optional.empty()); }
}
