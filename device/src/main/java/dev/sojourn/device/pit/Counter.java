package dev.sojourn.device.pit;

import dev.sojourn.device.Alarms;

/** One counter of the 8254. It is told the tick at each call and holds no clock. */
final class Counter {
    private static final int LOW = 1;
    private static final int HIGH = 2;

    private int mode;
    private int access;
    private boolean bcd;
    private int initial;
    private int next;
    private boolean loaded;
    private boolean running;
    private boolean gate;
    private long start;
    private int firstByte;
    private boolean secondRead;
    private int latchedCount;
    private int latchedStatus;

    Counter(CounterState state) { restore(state); }

    CounterState state() {
        return new CounterState(mode, access, bcd, initial, next, loaded, running, gate, start, firstByte, secondRead,
                latchedCount, latchedStatus);
    }

    void restore(CounterState state) {
        mode = state.mode();
        access = state.access();
        bcd = state.bcd();
        initial = state.initial();
        next = state.next();
        loaded = state.loaded();
        running = state.running();
        gate = state.gate();
        start = state.start();
        firstByte = state.firstByte();
        secondRead = state.secondRead();
        latchedCount = state.latchedCount();
        latchedStatus = state.latchedStatus();
    }

    /** A control word for this counter: stops it until a count is written. */
    void control(int access, int mode, boolean bcd) {
        this.access = access;
        this.mode = mode > 5 ? mode & 3 : mode;     // Modes 2 and 3 ignore bit 2 of the field.
        this.bcd = bcd;
        next = 0;
        loaded = false;
        running = false;
        start = 0;
        firstByte = -1;
        secondRead = false;
        latchedCount = -1;
        latchedStatus = -1;
    }

    void latchCount(long tick) {
        if (latchedCount < 0) {
            latchedCount = count(tick);
        }
    }

    void latchStatus(long tick) {
        if (latchedStatus < 0) {
            boolean nullCount = !loaded || next != 0;
            latchedStatus = (output(tick) ? 0x80 : 0) | (nullCount ? 0x40 : 0) | access << 4 | mode << 1
                    | (bcd ? 1 : 0);
        }
    }

    int read(long tick) {
        if (latchedStatus >= 0) {
            int status = latchedStatus;
            latchedStatus = -1;
            return status;
        }
        int value = latchedCount >= 0 ? latchedCount : count(tick);
        boolean high = access == HIGH || access != LOW && secondRead;
        if (access == (LOW | HIGH)) {
            secondRead = !secondRead;
        }
        if (!secondRead) {
            latchedCount = -1;
        }
        return (high ? value >> 8 : value) & 0xff;
    }

    void write(long tick, int data) {
        switch (access) {
            case LOW -> load(tick, data);
            case HIGH -> load(tick, data << 8);
            default -> {
                if (firstByte < 0) {
                    firstByte = data;
                    if (mode == 0) {
                        running = false;        // The first byte stops mode 0 and lowers its output.
                        loaded = false;
                    }
                } else {
                    int value = firstByte | data << 8;
                    firstByte = -1;
                    load(tick, value);
                }
            }
        }
    }

    void gate(long tick, boolean high) {
        boolean rises = high && !gate;
        boolean falls = !high && gate;
        gate = high;
        if (!loaded) {
            return;
        }
        settle(tick);
        switch (mode) {
            case 0, 4 -> {
                if (rises && !running) {
                    start = tick - start;
                    running = true;
                } else if (falls && running) {
                    start = done(tick);
                    running = false;
                }
            }
            case 2, 3 -> {
                if (rises) {
                    restart(tick);
                } else if (falls && running) {
                    start = done(tick) % initial;
                    running = false;
                }
            }
            default -> {
                if (rises) {
                    restart(tick);
                }
            }
        }
    }

    boolean output(long tick) {
        if (!loaded) {
            return mode != 0;
        }
        settle(tick);
        long done = done(tick);
        return switch (mode) {
            case 0 -> done >= initial;
            case 1 -> !running || done >= initial;
            case 2 -> !running || done % initial != initial - 1;
            case 3 -> !running || done % initial < initial + 1 >> 1;
            default -> !running || done != initial;
        };
    }

    /** The output without the lows that end by themselves: those only matter by the rise that ends them. */
    boolean rests(long tick) { return mode > 1 || output(tick); }

    /** The tick after {@code tick} at which the output rises next; {@link Alarms#NEVER} if it does not. */
    long nextRise(long tick) {
        if (!loaded || !running) {
            return Alarms.NEVER;
        }
        settle(tick);
        long done = Math.max(0, tick - start);
        return switch (mode) {
            case 2, 3 -> start + (done / initial + 1) * initial;
            case 0, 1 -> done < initial ? start + initial : Alarms.NEVER;
            default -> done <= initial ? start + initial + 1 : Alarms.NEVER;
        };
    }

    private void load(long tick, int value) {
        int count = bcd ? fromBcd(value) : value;
        if (count == 0) {
            count = bcd ? 10_000 : 0x1_0000;
        }
        boolean cyclic = mode == 2 || mode == 3;
        if (cyclic) {
            count = Math.max(2, count);     // A count of 1 is illegal in modes 2 and 3.
        }
        if (loaded && (cyclic && running || mode == 1 || mode == 5)) {
            settle(tick);
            next = count;
            return;
        }
        initial = count;
        loaded = true;
        next = 0;
        if (mode == 1 || mode == 5) {
            running = false;
            start = 0;
        } else {
            running = gate;
            start = running ? tick + 1 : 0;     // The clock after the write loads the counting element.
        }
    }

    /** A trigger: counts from the last count written. */
    private void restart(long tick) {
        if (next != 0) {
            initial = next;
            next = 0;
        }
        running = true;
        start = tick + 1;
    }

    /** A count written during a cycle of modes 2 and 3 holds from the end of that cycle. */
    private void settle(long tick) {
        if (next == 0 || !running || mode != 2 && mode != 3) {
            return;
        }
        long done = tick - start;
        if (done >= initial) {
            start += initial;
            initial = next;
            next = 0;
        }
    }

    private long done(long tick) { return running ? Math.max(0, tick - start) : start; }

    private int count(long tick) {
        if (!loaded) {
            return 0;
        }
        settle(tick);
        long done = done(tick);
        int modulus = bcd ? 10_000 : 0x1_0000;
        int value = switch (mode) {
            case 2 -> (int) (initial - done % initial);
            case 3 -> {
                long position = done % initial;
                long half = initial + 1 >> 1;
                long into = position < half ? position : position - half;
                yield (int) (initial - 2 * into) & ~1;
            }
            default -> (int) Math.floorMod(initial - done, (long) modulus);
        };
        return bcd ? toBcd(value % modulus) : value & 0xffff;
    }

    private static int fromBcd(int value) {
        return (value >> 12) * 1000 + (value >> 8 & 0xf) * 100 + (value >> 4 & 0xf) * 10 + (value & 0xf);
    }

    private static int toBcd(int value) {
        return value / 1000 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10;
    }
}
