package dev.sojourn.conformance;

import dev.sojourn.cpu.Cpu;

/** Ports and a window that remember what was done to them and when, tell the time, and interrupt now and then. */
final class ProgramDevice extends NoMachine {
    static final int VECTOR = 0x40;

    Cpu cpu;
    private long state;
    private boolean pending;

    void reset() {
        state = 0;
        pending = false;
    }

    /** Follows from all accesses so far and the instructions executed before each. */
    long state() { return state * 2 + (pending ? 1 : 0); }

    void raise() {
        pending = true;
        cpu.attend();
    }

    private long now() { return cpu.executed + cpu.ahead; }

    private long mix(long value) {
        long z = (state ^ value) * 0x9e37_79b9_7f4a_7c15L + now();
        state = (z ^ z >>> 29) * 0xbf58_476d_1ce4_e5b9L;
        return state >>> 8;
    }

    private void written(long value) {
        if ((mix(value) & 7) == 0) {
            raise();
        }
    }

    @Override public int portIn(int port, int bytes) { return (int) mix(port); }

    @Override public void portOut(int port, int bytes, int value) { written(port * 31L + value); }

    @Override public long memoryIn(long physical, int bytes) { return mix(physical); }

    @Override public void memoryOut(long physical, int bytes, long value) { written(physical * 31 + value); }

    @Override public long timeStamp() { return 3 * now(); }

    @Override public long random() { return mix(0); }

    @Override public boolean hasInterrupt(Cpu cpu) { return pending; }

    @Override public int acknowledge(Cpu cpu) {
        pending = false;
        return VECTOR;
    }
}
