package dev.sojourn.interfaces.xen;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How long a vCPU was in which state (public/vcpu.h, {@code struct vcpu_runstate_info}).
 *
 * <pre>
 * 00 u32 state, 08 u64 since when, 10 u64 nanoseconds running, 18 runnable, 20 blocked, 28 offline
 * </pre>
 *
 * <p>A vCPU is never runnable without running: the processors of a machine take turns, and none of it is stolen.
 */
final class Runstate {
    static final int RUNNING = 0;
    static final int BLOCKED = 2;
    static final int OFFLINE = 3;

    private static final int BYTES = 48;
    private static final int SINCE = 8;
    private static final int TIMES = 16;
    /** Set in the time of the last change while an update lasts. */
    private static final long UPDATING = 1L << 63;

    private final Vcpu vcpu;
    private final MachineOps machine;
    private final long[] times = new long[4];
    private int state;
    private long since;
    private long area;
    private boolean stamped;

    Runstate(Vcpu vcpu, MachineOps machine) {
        this.vcpu = vcpu;
        this.machine = machine;
        state = vcpu.ops.cpu().id == 0 ? RUNNING : OFFLINE;
    }

    /** Where to keep a copy from now on; 0 for nowhere. */
    long area(GuestPointers caller, long linear) {
        if (linear != 0) {
            caller.write(linear, info());
        }
        area = linear;
        return 0;
    }

    void copy(GuestPointers caller, long linear) { caller.write(linear, info()); }

    void stamped(boolean stamped) { this.stamped = stamped; }

    void change(int next) {
        long now = machine.nanos();
        times[state] += now - since;
        since = now;
        state = next;
        if (area != 0) {
            byte[] content = info();
            if (stamped) {
                byte[] begun = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(since | UPDATING).array();
                vcpu.tryWrite(area + SINCE, begun);
            }
            vcpu.tryWrite(area, content);
        }
    }

    void save(StateWriter out) {
        out.numbers("times", times).number("state", state).number("since", since).number("area", area).flag("stamped", stamped);
    }

    void restore(StateReader in) throws BadState {
        System.arraycopy(in.numbersOf("times", times.length), 0, times, 0, times.length);
        state = in.number("state", 0, OFFLINE);
        since = in.number("since");
        area = in.number("area");
        stamped = in.flag("stamped");
    }

    private byte[] info() {
        ByteBuffer info = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(0, state).putLong(SINCE, since);
        for (int i = 0; i < times.length; i++) {
            info.putLong(TIMES + 8 * i, times[i]);
        }
        return info.array();
    }
}
