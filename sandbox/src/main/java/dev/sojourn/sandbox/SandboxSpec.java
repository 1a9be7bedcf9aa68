package dev.sojourn.sandbox;

import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.machine.MachineType;
import java.time.Duration;
import java.util.Optional;

/**
 * What a sandbox is made of.
 *
 * @param type all that the guest can see of its machine, for good
 * @param guestInterface the name of the interface the guest finds, one of {@link Interfaces#names}
 * @param timeLimit how long the guest may run, from its first instruction
 * @param determinism for a run that is to repeat exactly; it has no terminal
 * @param devices disks and the like
 */
public record SandboxSpec(MachineType type, Guest guest, long memoryBytes, int cpus, EngineKind engine, String guestInterface,
        Optional<Duration> timeLimit, Optional<Determinism> determinism, Devices devices) {
    public static final long MIB = 1L << 20;

    /** Below this not even a small kernel finds room to unpack itself. */
    public static final long MEMORY_BYTES_MIN = 16 * MIB;

    /**
     * The stock kernel unpacks to 52 MiB and keeps tables for what it manages; below this it panics for want of memory.
     */
    public static final long DEFAULT_GUEST_MEMORY_BYTES_MIN = 96 * MIB;

    /** What the machine's chunk table covers. */
    public static final long MEMORY_BYTES_MAX = 64L << 30;

    public static final long MEMORY_BYTES_DEFAULT = 512 * MIB;

    /** Machine type sojourn-1 has room for eight processors. */
    public static final int CPUS_MAX = 8;

    public SandboxSpec {
        if (memoryBytes % MIB != 0) throw new IllegalArgumentException("not whole mebibytes: " + memoryBytes);
        if (memoryBytes < memoryBytesMin(guest) || memoryBytes > MEMORY_BYTES_MAX) {
            throw new IllegalArgumentException("memory out of range: " + memoryBytes);
        }
        if (Interfaces.find(guestInterface).isEmpty()) throw new IllegalArgumentException("no interface " + guestInterface);
        if (cpus < 1 || cpus > CPUS_MAX) throw new IllegalArgumentException("processors out of range: " + cpus);
        if (determinism.isPresent() && guest instanceof Guest.Command command && command.terminal()) {
            throw new IllegalArgumentException("a terminal in a run that is to repeat");
        }
        if (determinism.isPresent() && devices.network().isPresent()) {
            throw new IllegalArgumentException("a network in a run that is to repeat");
        }
    }

    /** Without devices. */
    public SandboxSpec(MachineType type, Guest guest, long memoryBytes, int cpus, EngineKind engine, String guestInterface,
            Optional<Duration> timeLimit, Optional<Determinism> determinism) {
        this(type, guest, memoryBytes, cpus, engine, guestInterface, timeLimit, determinism, Devices.NONE);
    }

    /** In real time, on the usual machine type. */
    public SandboxSpec(Guest guest, long memoryBytes, int cpus, EngineKind engine, String guestInterface,
            Optional<Duration> timeLimit) {
        this(MachineType.usual(), guest, memoryBytes, cpus, engine, guestInterface, timeLimit, Optional.empty());
    }

    /** In real time, on a plain PC. */
    public SandboxSpec(Guest guest, long memoryBytes, int cpus, EngineKind engine, Optional<Duration> timeLimit) {
        this(guest, memoryBytes, cpus, engine, "native", timeLimit);
    }

    /** The least memory this guest can be given. */
    public static long memoryBytesMin(Guest guest) {
        return switch (guest) {
            case Guest.Command _ -> DEFAULT_GUEST_MEMORY_BYTES_MIN;
            case Guest.Image _, Guest.Probe _ -> MEMORY_BYTES_MIN;
        };
    }
}
