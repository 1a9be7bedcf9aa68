package dev.sojourn.sandbox;

import dev.sojourn.machine.StateLog;
import java.util.Optional;

/**
 * That a run is to repeat exactly: time passes by instructions executed, the date at power-on is fixed, input is waited for
 * whenever the guest takes some.
 *
 * @param seed what all randomness follows from
 * @param states who is told a digest of the machine's state, at every million instructions and at the end
 */
public record Determinism(long seed, Optional<StateLog> states) {}
