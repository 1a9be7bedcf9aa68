package dev.sojourn.device.apic;

/** A processor that only counts what its APIC tells it, with a time-stamp counter of 2 GHz. */
public final class Cpu implements ProcessorSignals, TimeStampCounter {
    int changes;
    int nmis;
    int inits;
    int startup = -1;
    long offset;

    @Override public void interruptChanged() { changes++; }

    @Override public void nmi() { nmis++; }

    @Override public void init() { inits++; }

    @Override public void startup(int vector) { startup = vector; }

    @Override public long ticksAt(long nanos) { return 2 * nanos + offset; }

    @Override public long nanosAt(long ticks) { return Math.ceilDiv(ticks - offset, 2L); }
}
