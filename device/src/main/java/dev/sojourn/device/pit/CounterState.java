package dev.sojourn.device.pit;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * One counter of the 8254. Times are in ticks of its clock since power-on.
 *
 * @param mode 0 to 5
 * @param access 1 least significant byte only, 2 most significant byte only, 3 both in turn
 * @param initial the count it starts from, 1 to 65,536; 10,000 at most if {@code bcd}
 * @param next the count to start from when the present cycle ends; 0 if it stays the same
 * @param loaded whether a count has been written since the mode was
 * @param running whether it counts: its gate permits it and, in modes 1 and 5, it has been triggered
 * @param start when it was at {@code initial}; if it is not running, how many ticks it has done
 * @param firstByte the first byte of a two-byte count; -1 if the next write is the first
 * @param secondRead whether the next read gives the second byte
 * @param latchedCount the latched count; -1 if none
 * @param latchedStatus the latched status; -1 if none
 */
public record CounterState(int mode, int access, boolean bcd, int initial, int next, boolean loaded, boolean running,
        boolean gate, long start, int firstByte, boolean secondRead, int latchedCount, int latchedStatus) {

    /** Not programmed; the data sheet leaves it undefined. */
    public static CounterState powerOn(boolean gate) {
        return new CounterState(0, 3, false, 0x1_0000, 0, false, false, gate, 0, -1, false, -1, -1);
    }

    private static final long TICKS_MAX = 1L << 62;

    public CounterState {
        if (start < 0 || start > TICKS_MAX) {
            throw new IllegalArgumentException("Counter started at tick " + start);
        }
        if (mode < 0 || mode > 5 || access < 1 || access > 3 || initial < 1 || initial > 0x1_0000
                || next < 0 || next > 0x1_0000) {
            throw new IllegalArgumentException("Counter in mode " + mode + ", access " + access + ", count " + initial);
        }
    }

    void save(StateWriter out) {
        out.number("mode", mode).number("access", access).flag("bcd", bcd).number("initial", initial).number("next", next);
        out.flag("loaded", loaded).flag("running", running).flag("gate", gate).number("start", start);
        out.number("first-byte", firstByte).flag("second-read", secondRead);
        out.number("latched-count", latchedCount).number("latched-status", latchedStatus);
    }

    static CounterState read(StateReader in) throws BadState {
        return new CounterState(in.number("mode", 0, 5), in.number("access", 1, 3), in.flag("bcd"), in.number("initial", 1, 0x1_0000),
                in.number("next", 0, 0x1_0000), in.flag("loaded"), in.flag("running"), in.flag("gate"), in.number("start"),
                in.number("first-byte", -1, 0xff), in.flag("second-read"), in.number("latched-count", -1, 0xffff),
                in.number("latched-status", -1, 0xff));
    }
}
