package dev.sojourn.interfaces.hyperv;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.memory.GuestMemory;
import java.math.BigInteger;

/**
 * Reference time: units of 100 ns since power-on, as a register and as a page that makes it of the time-stamp counter (TLFS
 * 12.6 and 12.7).
 *
 * <pre>
 * 00  u32 sequence, 0 while the page is of no use; u32 0; u64 scale, s64 offset
 *     time = (time stamp * scale >> 64) + offset
 * </pre>
 */
final class Clock {
    static final int NANOS = 100;

    private static final long HERTZ = 10_000_000;
    private static final long ENABLED = 1;
    private static final int SCALE = 8;
    private static final int OFFSET = 16;

    private final MachineOps machine;
    private final long scale;
    private long msr;
    private int sequence;

    Clock(MachineOps machine) {
        this.machine = machine;
        scale = scale(machine.timeStamp().hertz());
    }

    /** 10^7 * 2^64 / hertz, for frequencies above that of the reference time. */
    static long scale(long hertz) {
        return BigInteger.valueOf(HERTZ).shiftLeft(Long.SIZE).divide(BigInteger.valueOf(hertz)).longValue();
    }

    long time() { return machine.nanos() / NANOS; }

    /** HV_X64_MSR_REFERENCE_TSC. */
    long msr() { return msr; }

    void write(long value, boolean countersAgree, long adjust) {
        msr = value;
        publish(countersAgree, adjust);
    }

    int sequence() { return sequence; }

    void restore(long msr, int sequence) {
        this.msr = msr;
        this.sequence = sequence;
    }

    /** Fills the page, if there is one in RAM; where the processors' counters differ, it serves none of them. */
    void publish(boolean countersAgree, long adjust) {
        long at = msr & -GuestMemory.PAGE_BYTES;
        GuestMemory memory = machine.memory();
        if ((msr & ENABLED) == 0 || !memory.isRam(at, GuestMemory.PAGE_BYTES)) {
            return;
        }
        long nanos = machine.nanos();
        long stamp = machine.timeStamp().ticksAt(nanos) + adjust;
        memory.putLong(at + SCALE, scale);
        memory.putLong(at + OFFSET, nanos / NANOS - Math.unsignedMultiplyHigh(stamp, scale));
        memory.putInt(at, countersAgree ? nextSequence() : 0);
    }

    /** Neither 0 nor all ones, which mean that there is no page to use. */
    private int nextSequence() {
        sequence = sequence == -2 ? 1 : sequence + 1;
        return sequence;
    }
}
