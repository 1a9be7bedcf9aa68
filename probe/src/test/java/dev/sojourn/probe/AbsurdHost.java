package dev.sojourn.probe;

import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.Inputs;
import dev.sojourn.machine.MachineClock;
import dev.sojourn.machine.MachineType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A program that prints views as a host sees them whose clock, date and randomness make no sense. */
final class AbsurdHost {
    private static final long YEAR_NANOS = 365L * 86_400 * 1_000_000_000;

    private AbsurdHost() {}

    /** @param arguments the date outside, what random bytes are, nanoseconds of an instruction, interfaces (all if none) */
    public static void main(String[] arguments) {
        Instant date = Instant.parse(arguments[0]);
        byte random = (byte) Integer.parseInt(arguments[1]);
        long nanosPerInstruction = Long.parseLong(arguments[2]);
        List<String> named = Arrays.asList(arguments).subList(3, arguments.length);
        for (String name : named.isEmpty() ? Probe.interfaces() : named) {
            Supplier<Inputs> inputs = () -> new Inputs(new Leaping(nanosPerInstruction), () -> date.getEpochSecond() * 1_000_000_000 + date.getNano(),
                    (target, offset, length) -> Arrays.fill(target, offset, offset + length, random));
            System.out.print("== " + name + "\n" + Probe.view(MachineType.SOJOURN_1, name, inputs, EngineKind.INTERPRETER));
        }
        System.out.flush();
    }

    /** Time that begins a year after power-on, passes at another speed, and leaps by hours now and then. */
    private static final class Leaping implements MachineClock {
        private static final long TURNS_BETWEEN_LEAPS = 997;
        private static final long LEAP_NANOS = 3 * 3600L * 1_000_000_000;

        private final long nanosPerInstruction;
        private LongSupplier instructions = () -> 0;
        private long turns;
        private long leapt = YEAR_NANOS;

        Leaping(long nanosPerInstruction) { this.nanosPerInstruction = nanosPerInstruction; }

        @Override public long nanos() { return leapt + instructions.getAsLong() * nanosPerInstruction; }

        @Override public void follow(LongSupplier executed) { instructions = executed; }

        @Override public void executed(long count) {
            if (++turns % TURNS_BETWEEN_LEAPS == 0) {
                leapt += LEAP_NANOS;
            }
        }

        @Override public void stopAt(long nanos) { throw new AssertionError("Nobody holds a probe"); }

        @Override public void go() { throw new AssertionError("Nobody holds a probe"); }

        @Override public void idleUntil(long nanos) { leapt += Math.max(0, nanos - nanos()); }
    }
}
