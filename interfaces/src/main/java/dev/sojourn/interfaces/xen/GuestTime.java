package dev.sojourn.interfaces.xen;

import dev.sojourn.device.Frequency;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a guest computes nanoseconds from its time-stamp counter (public/xen.h, {@code struct vcpu_time_info}):
 * {@code time + ((counter - start) << shift) * multiplier / 2^32}.
 *
 * @param multiplier an unsigned fraction of 2^32, at least one half
 * @param shift to the right if negative
 */
record GuestTime(int multiplier, int shift) {
    private static final int BYTES = 32;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** The counters of all vCPUs agree. */
    private static final byte STABLE = 1;

    static GuestTime of(Frequency counter) {
        long nanos = NANOS_PER_SECOND;
        long ticks = counter.hertz();
        int shift = 0;
        while (nanos >= ticks) {
            ticks <<= 1;
            shift++;
        }
        while (nanos << 1 < ticks) {
            nanos <<= 1;
            shift--;
        }
        BigInteger fraction = BigInteger.valueOf(nanos).shiftLeft(32).divide(BigInteger.valueOf(ticks));
        return new GuestTime(fraction.intValue(), shift);
    }

    /** The structure's bytes. @param adjust what the guest added to the counter */
    byte[] info(int version, long adjust) {
        return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(version).putInt(0).putLong(adjust).putLong(0)
                .putInt(multiplier).put((byte) shift).put(STABLE).array();
    }
}
