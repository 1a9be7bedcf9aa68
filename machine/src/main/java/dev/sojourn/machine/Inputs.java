package dev.sojourn.machine;

import dev.sojourn.device.rtc.WallClock;
import dev.sojourn.device.virtio.entropy.EntropySource;
import dev.sojourn.state.Stateful;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/**
 * What enters a machine besides bytes: time, date and randomness. Each is named, so that a run can be recorded.
 *
 * @param clock the machine's time
 */
public record Inputs(MachineClock clock, WallClock date, EntropySource entropy) {
    /** A processor of a deterministic machine executes 10^9 instructions a second. */
    private static final long NANOS_PER_THOUSAND = 1000;

    /** A deterministic machine is always switched on at 2026-01-01 00:00 UTC. */
    private static final long POWER_ON_EPOCH_SECOND = 1_767_225_600;

    /** Real time, the host's date, and its secure randomness. */
    public static Inputs real() {
        SecureRandom random = new SecureRandom();
        return new Inputs(new RealClock(), Inputs::epochNanos, (target, offset, length) -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, target, offset, length);
        });
    }

    /** Time by instructions executed, a fixed date at power-on, and randomness that follows from a seed. */
    public static Inputs deterministic(long seed) {
        VirtualClock clock = new VirtualClock(NANOS_PER_THOUSAND);
        return new Inputs(clock, () -> POWER_ON_EPOCH_SECOND * 1_000_000_000 + clock.nanos(), new SeededEntropy(seed));
    }

    /** The source of randomness, if it follows from a state: a machine that is to go on as before needs that as well. */
    Optional<Stateful> entropyState() { return entropy instanceof Stateful state ? Optional.of(state) : Optional.empty(); }

    private static long epochNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
