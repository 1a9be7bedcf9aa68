package dev.sojourn.interfaces.vmi;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import java.util.Optional;

/**
 * The three cycle counters of a processor, in ticks of the time-stamp counter: real time, of which a part was stolen while others
 * had the turn, and the rest was available.
 */
final class Counters {
    static final int REAL = 0;
    static final int AVAILABLE = 1;
    static final int STOLEN = 2;

    private final MachineOps machine;
    private final ProcessorOps processor;
    private long stolenNanos;
    private long waitsSince;
    private boolean waits;

    Counters(MachineOps machine, ProcessorOps processor) {
        this.machine = machine;
        this.processor = processor;
    }

    long stolenNanos() { return stolenNanos; }

    Optional<Long> waitsSince() { return waits ? Optional.of(waitsSince) : Optional.empty(); }

    void restore(long stolen, Optional<Long> since) {
        stolenNanos = stolen;
        waits = since.isPresent();
        waitsSince = since.orElse(0L);
    }

    void enter() {
        if (waits) {
            waits = false;
            stolenNanos += machine.nanos() - waitsSince;
        }
    }

    /** A processor that is alone in its machine never waits. */
    void leave() {
        waits = machine.cpus() > 1 && processor.isStarted() && !processor.cpu().halted;
        waitsSince = waits ? machine.nanos() : 0;
    }

    /** The value of a counter; 0 for a number that none has. */
    long read(int counter) {
        long real = machine.timeStamp().ticksAt(machine.nanos());
        return switch (counter) {
            case REAL -> real;
            case AVAILABLE -> real - stolen();
            case STOLEN -> stolen();
            default -> 0;
        };
    }

    private long stolen() { return machine.timeStamp().ticksAt(stolenNanos + (waits ? machine.nanos() - waitsSince : 0)); }

    /** When a counter reaches a value if no time is stolen until then. */
    long nanosAt(int counter, long value) {
        long real = counter == AVAILABLE ? value + stolen() : value;
        return real < 0 ? Long.MAX_VALUE : machine.timeStamp().nanosAt(real);
    }
}
