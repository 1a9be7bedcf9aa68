package dev.sojourn.machine;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.ProcessorImage;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.memory.MemoryDigest;
import dev.sojourn.memory.Mixer;

/** The digest of a machine's state: the registers of its processors, its RAM and its time. */
final class StateDigest {
    private final Cpu[] cpus;
    private final MemoryDigest memory;
    private final ProcessorImage image = new ProcessorImage();

    StateDigest(GuestMemory memory, Cpu[] cpus) {
        this.cpus = cpus;
        this.memory = new MemoryDigest(memory);
    }

    long at(long nanos) {
        Mixer mixer = new Mixer().add(nanos).add(memory.update());
        for (Cpu cpu : cpus) {
            cpu.mmu.forgetStores();
            mixer.add(image.take(cpu).digest());
        }
        return mixer.digest();
    }
}
