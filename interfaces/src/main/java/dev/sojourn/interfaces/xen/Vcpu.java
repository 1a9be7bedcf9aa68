package dev.sojourn.interfaces.xen;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.device.Alarms;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.Arrays;

/** One virtual processor as Xen has it: its information page, timers, waiting, and areas it asked to be kept up to date. */
public final class Vcpu {
    /** No place for its information yet. */
    private static final long NOWHERE = -1;

    private static final int PENDING = 0;
    private static final int MASK = 1;
    private static final int SELECTOR = 8;
    private static final int CR2 = 16;
    private static final int TIME = 32;
    private static final int TIME_BYTES = 32;
    private static final int[] NO_PORTS = {};

    public final int id;
    public final Cpu cpu;
    public final ProcessorOps ops;
    /** Memory by the addresses its kernel passes. */
    public final GuestPointers pointers;
    /** Whether it may run: the first from the start, the others by vcpu_op or a start-up message. */
    public boolean initialised;
    /** The work done for the call being served, in requests. */
    int work;
    boolean inMulticall;
    /** The port of each virtual interrupt bound to it; 0 for none. */
    final int[] virqs = new int[Virq.COUNT];

    private final Domain domain;
    private final GuestMemory memory;
    private final Alarms.Alarm singleShot;
    private final Alarms.Alarm periodic;
    private final Alarms.Alarm pollEnd;
    private final Runstate runstate;
    private long infoAt = NOWHERE;
    private boolean registered;
    private long period;
    private boolean waiting;
    private int[] polled = NO_PORTS;

    Vcpu(Domain domain, ProcessorOps ops, GuestPointers pointers) {
        this.domain = domain;
        this.ops = ops;
        this.pointers = pointers;
        cpu = ops.cpu();
        id = cpu.id;
        memory = domain.memory();
        runstate = new Runstate(this, domain.machine());
        initialised = id == 0;
        Alarms alarms = domain.machine().alarms();
        singleShot = alarms.alarm(() -> domain.events.raise(this, Virq.TIMER));
        periodic = alarms.alarm(this::tick);
        pollEnd = alarms.alarm(this::wake);
    }

    /** Finds its place in the shared page, again after that moved. */
    void place(SharedInfo shared) {
        if (!registered && id < SharedInfo.PLACES) {
            infoAt = shared.place(id);
            writeTime();
        }
    }

    /** Whether the call being served is one of a list. */
    public boolean inMulticall() { return inMulticall; }

    boolean hasInfo() { return infoAt != NOWHERE; }

    /** Moves its information elsewhere for good; all is said to be pending, so that nothing is missed. */
    long register(long frame, long offset) {
        if (registered) {
            return Errno.EINVAL;
        }
        if (offset < 0 || offset > GuestMemory.PAGE_BYTES - SharedInfo.VCPU_BYTES || (offset & 7) != 0) {
            return Errno.EINVAL;
        }
        long page = domain.frames().hold(frame);
        if (page == GuestFrames.NONE) {
            return Errno.EINVAL;
        }
        byte[] content = new byte[SharedInfo.VCPU_BYTES];
        if (hasInfo()) {
            memory.read(infoAt, content, 0, content.length);
        } else {
            content[MASK] = 1;
        }
        infoAt = page + offset;
        memory.write(infoAt, content);
        registered = true;
        writeTime();
        memory.putLong(infoAt + SELECTOR, -1);
        if (!isPending()) {
            raise();
        }
        return 0;
    }

    public boolean isPending() { return hasInfo() && memory.getByte(infoAt + PENDING) != 0; }

    public boolean isMasked() { return hasInfo() && memory.getByte(infoAt + MASK) != 0; }

    public void mask(boolean value) {
        if (hasInfo()) {
            memory.putByte(infoAt + MASK, value ? 1 : 0);
        }
    }

    public long cr2() { return hasInfo() ? memory.getLong(infoAt + CR2) : 0; }

    public void cr2(long value) {
        if (hasInfo()) {
            memory.putLong(infoAt + CR2, value);
        }
    }

    /** Marks a word of ports under the two-level layout. */
    void select(int word) {
        if (hasInfo()) {
            long before = memory.getLong(infoAt + SELECTOR);
            memory.putLong(infoAt + SELECTOR, before | 1L << word);
            if ((before >>> word & 1) == 0) {
                raise();
            }
        }
    }

    /** Sets the pending byte, and tells the guest if it was clear. */
    void raise() {
        if (hasInfo() && !isPending()) {
            memory.putByte(infoAt + PENDING, 1);
            domain.kind().raised(this);
        }
    }

    /** What the guest computes its time from: the counter runs in nanoseconds, so that it needs no correction ever. */
    public void writeTime() {
        if (hasInfo()) {
            int version = memory.getInt(infoAt + TIME) + 1 | 1;
            memory.putInt(infoAt + TIME, version);
            byte[] time = timeInfo(version + 1);
            byte[] body = Arrays.copyOfRange(time, 4, TIME_BYTES);
            memory.write(infoAt + TIME + 4, body);
            memory.putInt(infoAt + TIME, version + 1);
        }
    }

    /** {@code struct vcpu_time_info}: u32 version, u64 counter, u64 time, u32 multiplier, s8 shift, u8 flags. */
    byte[] timeInfo(int version) { return domain.time().info(version, cpu.msrs.tscAdjust); }

    /** Keeps a copy of the time where the guest's programs can read it. */
    long timeArea(GuestPointers caller, long linear) {
        caller.write(linear, timeInfo(2));
        return 0;
    }

    /** Keeps the guest told how long this vCPU was in which state. */
    long runstateArea(GuestPointers caller, long linear) { return runstate.area(caller, linear); }

    void runstate(GuestPointers caller, long linear) { runstate.copy(caller, linear); }

    /** @param stamped whether updates are marked while they last (vm_assist 5) */
    void runstateStamped(boolean stamped) { runstate.stamped(stamped); }

    void singleShot(long nanos) { singleShot.at(Math.max(0, nanos)); }

    void stopSingleShot() { singleShot.cancel(); }

    /** @param nanos 0 for none */
    void period(long nanos) {
        period = nanos;
        if (nanos == 0) {
            periodic.cancel();
        } else {
            periodic.at(domain.machine().nanos() + nanos);
        }
    }

    private void tick() {
        domain.events.raise(this, Virq.TIMER);
        period(period);
    }

    /** Waits until it is woken. */
    public void block() {
        waiting = true;
        cpu.halted = true;
        cpu.attend();
        runstate.change(Runstate.BLOCKED);
    }

    /** Waits for one of some ports, or until a time; 0 for no end. */
    void poll(int[] ports, long nanos) {
        polled = ports;
        block();
        if (nanos != 0) {
            pollEnd.at(nanos);
        }
    }

    boolean polls(int port) {
        for (int p : polled) {
            if (p == port) {
                return true;
            }
        }
        return false;
    }

    /** Ends a wait in block or poll; without effect on one that waits for an interrupt. */
    public void wake() {
        if (waiting) {
            waiting = false;
            polled = NO_PORTS;
            pollEnd.cancel();
            cpu.halted = false;
            runstate.change(Runstate.RUNNING);
        }
    }

    /** Taken off or put back. */
    void online(boolean on) { runstate.change(on ? Runstate.RUNNING : Runstate.OFFLINE); }

    /** An interrupt ended the wait behind our back. */
    public void noticeRunning() {
        if (waiting && !cpu.halted) {
            wake();
        }
    }

    /** All of it but what the kind of guest knows. */
    public void save(StateWriter out) {
        out.flag("initialised", initialised).numbers("virqs", virqs).number("info-at", infoAt).flag("registered", registered);
        out.number("period", period).flag("waiting", waiting).numbers("polled", polled).group("runstate", runstate::save);
        out.numbers("alarms", singleShot.nanos(), periodic.nanos(), pollEnd.nanos());
    }

    public void restore(StateReader in) throws BadState {
        initialised = in.flag("initialised");
        System.arraycopy(in.ints("virqs", virqs.length), 0, virqs, 0, virqs.length);
        infoAt = in.number("info-at");
        if (hasInfo() && ((infoAt & 7) != 0 || !memory.isRam(infoAt, SharedInfo.VCPU_BYTES))) {
            throw in.bad("has its information outside of RAM");
        }
        registered = in.flag("registered");
        period = in.number("period");
        waiting = in.flag("waiting");
        polled = Arrays.stream(in.numbers("polled", SchedCalls.POLL_PORTS_MAX)).mapToInt(port -> (int) port).toArray();
        runstate.restore(in.group("runstate"));
        long[] due = in.numbersOf("alarms", 3);
        singleShot.at(due[0]);
        periodic.at(due[1]);
        pollEnd.at(due[2]);
    }

    /** Copies that a fault of the guest's own making may prevent. @return whether it worked */
    boolean tryWrite(long linear, byte[] content) {
        long cr2 = cpu.cr2;
        try {
            pointers.write(linear, content);
            return true;
        } catch (GuestFault _) {
            cpu.cr2 = cr2;
            return false;
        }
    }
}
