package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;

/** Where a vCPU's guest takes each vector (public/arch-x86/xen.h, {@code struct trap_info}). */
final class TrapTable {
    static final int ENTRY_BYTES = 16;

    private static final int VECTORS = 256;
    private static final int LEVEL = 3;
    private static final int MASKS_EVENTS = 1 << 2;

    private final long[] addresses = new long[VECTORS];
    private final byte[] flags = new byte[VECTORS];

    void clear() {
        Arrays.fill(addresses, 0);
        Arrays.fill(flags, (byte) 0);
    }

    /**
     * Takes an entry: u8 vector, u8 flags, u16 selector, which does not count, u64 address at 8.
     *
     * @param vector -1 for the one in the entry
     */
    void set(GuestPointers memory, long at, int vector) {
        int number = vector < 0 ? memory.u8(at) : vector;
        flags[number] = (byte) memory.u8(at + 1);
        addresses[number] = memory.u64(at + 8);
    }

    void copy(TrapTable other) {
        System.arraycopy(other.addresses, 0, addresses, 0, VECTORS);
        System.arraycopy(other.flags, 0, flags, 0, VECTORS);
    }

    void save(StateWriter out) { out.numbers("addresses", addresses).bytes("flags", flags); }

    void restore(StateReader in) throws BadState {
        System.arraycopy(in.numbersOf("addresses", VECTORS), 0, addresses, 0, VECTORS);
        System.arraycopy(in.bytesOf("flags", VECTORS), 0, flags, 0, VECTORS);
    }

    /** 0 for none. */
    long address(int vector) { return addresses[vector]; }

    boolean masksEvents(int vector) { return (flags[vector] & MASKS_EVENTS) != 0; }

    /** Whether INT n may be used for a vector. */
    boolean open(int vector, boolean byKernel) {
        int level = flags[vector] & LEVEL;
        return level == 3 || byKernel && level != 0;
    }
}
