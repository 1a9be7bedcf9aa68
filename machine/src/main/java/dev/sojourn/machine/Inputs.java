package dev.sojourn.machine;

import dev.sojourn.device.rtc.WallClock;
import dev.sojourn.device.virtio.entropy.EntropySource;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * What enters a machine besides bytes: time, date and randomness. Each is named, so that a run can be recorded.
 *
 * @param clock the machine's time
 */
public record Inputs(MachineClock clock, WallClock date, EntropySource entropy) {
    /** Real time, the host's date, and its secure randomness. */
    public static Inputs real() {
        SecureRandom random = new SecureRandom();
        return new Inputs(new RealClock(), Inputs::epochNanos, (target, offset, length) -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, target, offset, length);
        });
    }

    private static long epochNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
