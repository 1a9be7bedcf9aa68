package dev.sojourn.machine;

import dev.sojourn.interfaces.Interfaces;
import dev.sojourn.memory.GuestMemory;
import java.util.Objects;

/**
 * What a guest sees of how its machine was made, as long as it lives.
 *
 * @param guestInterface the name of the interface it finds, one of {@link Interfaces#names}
 * @param memoryBytes RAM, a multiple of 4 KiB
 * @param cpus processors, 1 to {@link MachineSpec#CPUS_MAX}
 */
public record MachineShape(MachineType type, String guestInterface, long memoryBytes, int cpus) {
    public MachineShape {
        Objects.requireNonNull(type);
        if (Interfaces.find(guestInterface).isEmpty()) {
            throw new IllegalArgumentException("No interface " + guestInterface);
        }
        if (memoryBytes < GuestMemory.BYTES_MIN || memoryBytes > GuestMemory.BYTES_MAX
                || memoryBytes % GuestMemory.PAGE_BYTES != 0) {
            throw new IllegalArgumentException("RAM of " + memoryBytes + " bytes");
        }
        if (cpus < 1 || cpus > MachineSpec.CPUS_MAX) {
            throw new IllegalArgumentException(cpus + " processors");
        }
    }
}
