package dev.sojourn.interfaces.kvm;

import dev.sojourn.device.Frequency;
import dev.sojourn.interfaces.MachineOps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * kvm-clock: how a guest makes nanoseconds of its time-stamp counter, and the date at nanosecond 0.
 *
 * <pre>
 * system time (32 bytes, aligned to 4)
 * 00  u32 version, u32 0, u64 time stamp, u64 nanoseconds then
 * 18  u32 multiplier, s8 shift, u8 flags (bit 0 all processors agree), u16 0
 *
 * wall clock (12 bytes)      u32 version, u32 seconds, u32 nanoseconds
 * clock pairing (64 bytes)   s64 seconds, s64 nanoseconds, u64 time stamp, u32 flags, 0
 * </pre>
 *
 * Structures change between guest instructions of all processors, so that no guest ever sees an odd version.
 */
final class Clock {
    static final int PAIRING_BYTES = 64;

    private static final int SYSTEM_TIME_BYTES = 32;
    private static final int WALL_CLOCK_BYTES = 12;
    private static final int STABLE = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final MachineOps machine;
    private final int multiplier;
    private final int shift;
    /** KVM_WALL_CLOCK as last written, by any processor. */
    long wallClock;

    Clock(MachineOps machine) {
        this.machine = machine;
        shift = shift(machine.timeStamp());
        multiplier = multiplier(machine.timeStamp(), shift);
    }

    /** The power of two by which ticks are multiplied first, so that the multiplier has its full 32 bits. */
    static int shift(Frequency frequency) {
        long scaled = frequency.hertz();
        int shift = 0;
        while (scaled > 2 * NANOS_PER_SECOND) {
            scaled >>>= 1;
            shift--;
        }
        while (scaled <= NANOS_PER_SECOND) {
            scaled <<= 1;
            shift++;
        }
        return shift;
    }

    /** Nanoseconds of a shifted tick, in units of 2^-32. */
    static int multiplier(Frequency frequency, int shift) {
        long scaled = shift < 0 ? frequency.hertz() >>> -shift : frequency.hertz() << shift;
        return (int) Long.divideUnsigned(NANOS_PER_SECOND << 32, scaled);
    }

    /** Fills a processor's structure. One that is not all RAM is left alone. */
    void systemTime(long at, long adjust, boolean stable) {
        if (!machine.memory().isRam(at, SYSTEM_TIME_BYTES)) {
            return;
        }
        long nanos = machine.nanos();
        ByteBuffer bytes = buffer(SYSTEM_TIME_BYTES);
        bytes.putInt(0, nextVersion(at));
        bytes.putLong(8, machine.timeStamp().ticksAt(nanos) + adjust);
        bytes.putLong(16, nanos);
        bytes.putInt(24, multiplier);
        bytes.put(28, (byte) shift);
        bytes.put(29, (byte) (stable ? STABLE : 0));
        machine.memory().write(at, bytes.array());
    }

    /** Tells the guest the date of nanosecond 0. */
    void wallClock(long at) {
        wallClock = at;
        if (!machine.memory().isRam(at, WALL_CLOCK_BYTES)) {
            return;
        }
        long epoch = machine.date().epochNanos() - machine.nanos();
        ByteBuffer bytes = buffer(WALL_CLOCK_BYTES);
        bytes.putInt(0, nextVersion(at));
        bytes.putInt(4, (int) Math.floorDiv(epoch, NANOS_PER_SECOND));
        bytes.putInt(8, (int) Math.floorMod(epoch, NANOS_PER_SECOND));
        machine.memory().write(at, bytes.array());
    }

    /** Writes date and time stamp of one moment to RAM. */
    void pair(long at, long adjust) {
        long epoch = machine.date().epochNanos();
        ByteBuffer bytes = buffer(PAIRING_BYTES);
        bytes.putLong(0, Math.floorDiv(epoch, NANOS_PER_SECOND));
        bytes.putLong(8, Math.floorMod(epoch, NANOS_PER_SECOND));
        bytes.putLong(16, machine.timeStamp().ticksAt(machine.nanos()) + adjust);
        machine.memory().write(at, bytes.array());
    }

    /** The even version after the one that is there. */
    private int nextVersion(long at) {
        byte[] old = new byte[4];
        machine.memory().read(at, old, 0, old.length);
        return (ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN).getInt() | 1) + 1;
    }

    private static ByteBuffer buffer(int bytes) { return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN); }
}
