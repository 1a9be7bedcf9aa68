package dev.sojourn.interfaces.xen;

/** sched_op: waits, and ends of the domain (public/sched.h). */
final class SchedCalls {
    private static final int YIELD = 0;
    private static final int BLOCK = 1;
    private static final int SHUTDOWN = 2;
    private static final int POLL = 3;
    private static final int REMOTE_SHUTDOWN = 4;
    private static final int SHUTDOWN_CODE = 5;
    private static final int WATCHDOG = 6;
    private static final int PIN_OVERRIDE = 7;

    static final int POLL_PORTS_MAX = 128;

    private final Domain domain;

    SchedCalls(Domain domain) { this.domain = domain; }

    long call(Vcpu caller, long command, long at) {
        return switch ((int) Math.clamp(command, -1L, 99L)) {
            case YIELD -> {
                caller.ops.endTurn();
                yield 0;
            }
            case BLOCK -> {
                caller.mask(false);
                if (!caller.isPending()) {
                    caller.block();
                }
                yield 0;
            }
            case SHUTDOWN -> shutdown(caller.pointers.u32(at));
            case POLL -> poll(caller, at);
            case REMOTE_SHUTDOWN, PIN_OVERRIDE -> Errno.EPERM;
            case SHUTDOWN_CODE -> {
                caller.pointers.u32(at);
                yield 0;
            }
            case WATCHDOG -> Errno.ENOSYS;
            default -> Errno.ENOSYS;
        };
    }

    private long shutdown(int reason) {
        switch (reason) {
            case 0 -> domain.machine().power().powerOff();
            case 1, 3, 4 -> domain.machine().power().reset();
            // Nobody here keeps a suspended domain: it goes on as if the suspension had been called off.
            case 2 -> {
                return 1;
            }
            default -> {
                return Errno.EINVAL;
            }
        }
        return 0;
    }

    /** 00 u64 where the ports are, 08 u32 how many, 10 u64 until when; 0 for ever. */
    private long poll(Vcpu caller, long at) {
        GuestPointers memory = caller.pointers;
        long count = memory.u32(at + 8) & 0xffff_ffffL;
        if (count > POLL_PORTS_MAX) {
            return Errno.EINVAL;
        }
        long list = memory.u64(at);
        long end = memory.u64(at + 16);
        int[] ports = new int[(int) count];
        boolean upcall = domain.kind().usesMask() && caller.isPending() && !caller.isMasked();
        boolean ready = upcall || end != 0 && end <= domain.machine().nanos();
        for (int i = 0; i < count; i++) {
            Port port = domain.events.open(memory.u32(list + 4L * i));
            if (port == null) {
                return Errno.EINVAL;
            }
            ports[i] = port.number;
            ready |= domain.events.isPending(port);
        }
        if (!ready) {
            caller.poll(ports, end);
        }
        return 0;
    }
}
