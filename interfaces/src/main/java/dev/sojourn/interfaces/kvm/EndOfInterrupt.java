package dev.sojourn.interfaces.kvm;

import dev.sojourn.device.apic.LocalApic;
import dev.sojourn.memory.GuestMemory;

/**
 * The word by which a guest is told that it need not write EOI: bit 0 set when an interrupt is taken whose end concerns
 * nobody else, and cleared by the guest instead of the write.
 *
 * <p>The local APIC learns of it before it is accessed or requests another interrupt. If the guest has not come to its EOI
 * by then, the bit is taken back, and it writes.
 */
final class EndOfInterrupt {
    static final long RESERVED = 2;

    private static final int BYTES = 4;
    private static final long ENABLED = 1;
    private static final int NEEDLESS = 1;

    private final GuestMemory memory;
    private final LocalApic apic;
    private long msr;
    private boolean pending;

    EndOfInterrupt(GuestMemory memory, LocalApic apic) {
        this.memory = memory;
        this.apic = apic;
    }

    long msr() { return msr; }

    boolean pending() { return pending; }

    void restore(long msr, boolean pending) {
        this.msr = msr;
        this.pending = pending;
    }

    /** Whether the word lies where one may be. */
    boolean isPlaced() { return memory.isRam(at(), BYTES); }

    void write(long value) {
        settle();
        msr = value;
    }

    private long at() { return msr & -BYTES; }

    void taken() {
        boolean on = (msr & ENABLED) != 0 && memory.isRam(at(), BYTES);
        if (on && apic.servesOneByEdge()) {
            memory.putInt(at(), memory.getInt(at()) | NEEDLESS);
            pending = true;
        }
    }

    void settle() {
        if (!pending) {
            return;
        }
        pending = false;
        int word = memory.getInt(at());
        if ((word & NEEDLESS) == 0) {
            apic.endService();
        } else {
            memory.putInt(at(), word & ~NEEDLESS);
        }
    }
}
