package dev.sojourn.device.rtc;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers and memory of the clock.
 *
 * @param index the register selected by port 0x70
 * @param memory 128 bytes by register number; time and date are there only while they stand still
 * @param flags PF, AF and UF of register C
 * @param offsetSeconds the guest's time less the wall clock's, whole seconds
 * @param offsetNanos the rest of it, below 10^9
 * @param seenSecond the second since 1970 up to which flags are worked out; {@link #NOT_SEEN} for from now on
 * @param seenPeriod the period of the periodic interrupt up to which its flag is; {@link #NOT_SEEN} for from now on
 */
public record RtcState(int index, byte[] memory, int flags, long offsetSeconds, long offsetNanos, long seenSecond,
        long seenPeriod) {
    public static final long NOT_SEEN = Long.MIN_VALUE;

    /** A clock that firmware has left running: 24 hours, BCD, rate 1,024 Hz, no interrupt. */
    public static final RtcState POWER_ON = new RtcState(0, running(), 0, 0, 0, NOT_SEEN, NOT_SEEN);

    private static final long OFFSET_SECONDS_MAX = 1L << 40;

    public RtcState {
        if (memory.length != Rtc.BYTES || offsetNanos < 0 || offsetNanos >= 1_000_000_000L
                || offsetSeconds < -OFFSET_SECONDS_MAX || offsetSeconds > OFFSET_SECONDS_MAX) {
            throw new IllegalArgumentException(memory.length + " bytes of memory, offset " + offsetSeconds + " s "
                    + offsetNanos + " ns");
        }
        index &= Rtc.BYTES - 1;
        flags &= 0x70;
        memory = memory.clone();
    }

    @Override public byte[] memory() { return memory.clone(); }

    private static byte[] running() {
        byte[] memory = new byte[Rtc.BYTES];
        memory[Rtc.REGISTER_A] = 0x26;
        memory[Rtc.REGISTER_B] = 0x02;
        return memory;
    }

    void save(StateWriter out) {
        out.number("index", index).bytes("memory", memory).number("flags", flags).number("offset-seconds", offsetSeconds);
        out.number("offset-nanos", offsetNanos).number("seen-second", seenSecond).number("seen-period", seenPeriod);
    }

    static RtcState read(StateReader in) throws BadState {
        return new RtcState(in.number("index", 0, Rtc.BYTES - 1), in.bytesOf("memory", Rtc.BYTES), in.number("flags", 0, 0xff),
                in.number("offset-seconds"), in.number("offset-nanos"), in.number("seen-second"), in.number("seen-period"));
    }
}
