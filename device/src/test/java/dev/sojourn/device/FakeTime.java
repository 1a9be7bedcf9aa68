package dev.sojourn.device;

/** A clock that a test moves, with its alarms. */
public final class FakeTime implements Clock {
    public final Alarms alarms = new Alarms(this);
    private long nanos;

    @Override public long nanos() { return nanos; }

    /** Lets time pass and runs each alarm when it is due; gives how many times there was something due. */
    public int advance(long nanos) {
        long end = this.nanos + nanos;
        int runs = 0;
        while (alarms.next() <= end) {
            this.nanos = Math.max(this.nanos, alarms.next());
            alarms.runDue();
            runs++;
        }
        this.nanos = end;
        return runs;
    }

    /** Lets time pass at one go, as when the host was away; alarms are late. */
    public void jump(long nanos) { this.nanos += nanos; }
}
