package dev.sojourn.device;

/** A wire that remembers its level and counts its rising edges. */
public final class Wire implements InterruptLine {
    public boolean high;
    public int rises;

    @Override public void set(boolean high) {
        if (high && !this.high) {
            rises++;
        }
        this.high = high;
    }
}
