package dev.sojourn.machine;

import dev.sojourn.memory.GuestMemory;
import java.io.IOException;

/** Puts back the RAM of a machine that is restored. */
public interface RamFiller {
    /** @param memory as a machine without a guest has it: it is to hold what it held, and nothing else */
    void fill(GuestMemory memory) throws IOException;
}
