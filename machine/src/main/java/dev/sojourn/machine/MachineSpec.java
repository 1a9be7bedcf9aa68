package dev.sojourn.machine;

import dev.sojourn.boot.Entry;
import dev.sojourn.interfaces.Interfaces;
import java.util.Objects;

/**
 * What a machine is made of.
 *
 * @param memoryBytes RAM, a multiple of 4 KiB
 * @param cpus processors, 1 to {@link #CPUS_MAX}
 * @param kernel a kernel file: bzImage or ELF
 * @param initrd an initial RAM disk, empty for none
 * @param entry the way into the kernel
 * @param engine how its instructions run, which the guest cannot tell
 * @param guestInterface the name of the interface its guest finds, one of {@link Interfaces#names}
 */
public record MachineSpec(MachineType type, long memoryBytes, int cpus, byte[] kernel, byte[] initrd, String commandLine,
        Entry entry, EngineKind engine, String guestInterface) {
    /** Processors take turns on one thread: more would only be slower. */
    public static final int CPUS_MAX = 8;

    public MachineSpec {
        Objects.requireNonNull(kernel);
        Objects.requireNonNull(initrd);
        Objects.requireNonNull(commandLine);
        Objects.requireNonNull(entry);
        Objects.requireNonNull(engine);
        new MachineShape(type, guestInterface, memoryBytes, cpus);
    }

    public MachineShape shape() { return new MachineShape(type, guestInterface, memoryBytes, cpus); }

    /** A plain PC with the way into the kernel that suits it best, on the interpreter. */
    public MachineSpec(MachineType type, long memoryBytes, int cpus, byte[] kernel, byte[] initrd, String commandLine) {
        this(type, memoryBytes, cpus, kernel, initrd, commandLine, Entry.AUTO, EngineKind.INTERPRETER, "native");
    }
}
