package dev.sojourn.interfaces.xen;

/** vcpu_op: what one vCPU asks about itself or another (public/vcpu.h). */
final class VcpuCalls {
    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IS_UP = 3;
    private static final int GET_RUNSTATE = 4;
    private static final int RUNSTATE_AREA = 5;
    private static final int SET_PERIODIC = 6;
    private static final int STOP_PERIODIC = 7;
    private static final int SET_SINGLE_SHOT = 8;
    private static final int STOP_SINGLE_SHOT = 9;
    private static final int REGISTER_INFO = 10;
    private static final int SEND_NMI = 11;
    private static final int GET_PHYSICAL_ID = 12;
    private static final int TIME_AREA = 13;

    private static final long PERIOD_MIN = 1_000_000;
    private static final int SINGLE_SHOT_FUTURE = 1;

    private final Domain domain;

    VcpuCalls(Domain domain) { this.domain = domain; }

    long call(Vcpu caller, long command, long number, long at) {
        Vcpu vcpu = domain.vcpu(number);
        if (vcpu == null) {
            return Errno.ENOENT;
        }
        GuestPointers memory = caller.pointers;
        return switch ((int) Math.clamp(command, -1L, 99L)) {
            case INITIALISE -> vcpu.initialised ? Errno.EEXIST : initialise(caller, vcpu, at);
            case UP -> up(vcpu);
            case DOWN -> down(vcpu);
            case IS_UP -> vcpu.ops.isStarted() ? 1 : 0;
            case GET_RUNSTATE -> {
                vcpu.runstate(memory, at);
                yield 0;
            }
            case RUNSTATE_AREA -> vcpu.runstateArea(memory, memory.u64(at));
            case SET_PERIODIC -> setPeriodic(vcpu, memory.u64(at));
            case STOP_PERIODIC -> {
                vcpu.period(0);
                yield 0;
            }
            case SET_SINGLE_SHOT -> vcpu == caller ? setSingleShot(vcpu, memory.u64(at), memory.u32(at + 8)) : Errno.EINVAL;
            case STOP_SINGLE_SHOT -> {
                if (vcpu != caller) {
                    yield Errno.EINVAL;
                }
                vcpu.stopSingleShot();
                yield 0;
            }
            case REGISTER_INFO -> vcpu.register(memory.u64(at), memory.u32(at + 8) & 0xffff_ffffL);
            case SEND_NMI -> {
                vcpu.cpu.nmiPending = true;
                vcpu.cpu.attend();
                vcpu.wake();
                yield 0;
            }
            case GET_PHYSICAL_ID -> Errno.EINVAL;
            case TIME_AREA -> vcpu.timeArea(memory, memory.u64(at));
            default -> Errno.ENOSYS;
        };
    }

    private long initialise(Vcpu caller, Vcpu vcpu, long at) {
        if (!vcpu.hasInfo()) {
            return Errno.EINVAL;
        }
        long result = domain.kind().initialise(caller, vcpu, at);
        vcpu.initialised = result == 0;
        return result;
    }

    private long up(Vcpu vcpu) {
        if (!vcpu.initialised) {
            return Errno.EINVAL;
        }
        if (!vcpu.ops.isStarted()) {
            vcpu.ops.start();
            vcpu.online(true);
        }
        return 0;
    }

    /** The last one standing takes the domain with it. */
    private long down(Vcpu vcpu) {
        if (vcpu.ops.isStarted()) {
            vcpu.ops.stop();
            vcpu.online(false);
            if (domain.vcpus().stream().noneMatch(v -> v.ops.isStarted())) {
                domain.machine().power().powerOff();
            }
        }
        return 0;
    }

    private long setPeriodic(Vcpu vcpu, long nanos) {
        if (nanos < PERIOD_MIN || nanos > Long.MAX_VALUE / 2) {
            return Errno.EINVAL;
        }
        vcpu.period(nanos);
        return 0;
    }

    private long setSingleShot(Vcpu vcpu, long nanos, int flags) {
        if ((flags & SINGLE_SHOT_FUTURE) != 0 && nanos < domain.machine().nanos()) {
            return Errno.ETIME;
        }
        vcpu.singleShot(nanos);
        return 0;
    }
}
