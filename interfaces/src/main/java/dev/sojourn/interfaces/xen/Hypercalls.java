package dev.sojourn.interfaces.xen;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;

/**
 * The calls of a guest's kernel by number: RAX, with arguments in RDI, RSI, RDX, R10 and R8, answered in RAX (public/xen.h).
 *
 * <p>An address that the kernel could not use itself makes a call fail with {@link Errno#EFAULT}; what was done before stays.
 */
public final class Hypercalls {
    /** No answer: the guest makes the call again, or registers are as they shall be. */
    public static final long AGAIN = Long.MIN_VALUE;

    private static final int MEMORY_OP = 12;
    private static final int MULTICALL = 13;
    private static final int XEN_VERSION = 17;
    private static final int CONSOLE_IO = 18;
    private static final int GRANT_TABLE_OP = 20;
    private static final int VCPU_OP = 24;
    private static final int SCHED_OP = 29;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int SET_TIMER_OP = 15;
    private static final int PLATFORM_OP = 7;
    private static final int SYSCTL = 35;
    private static final int DOMCTL = 36;

    private static final int R8 = 8;
    private static final int R10 = 10;
    private static final int MULTICALL_BYTES = 64;
    /** Entries of a list served before the guest may be interrupted. */
    private static final int WORK_MAX = 1 << 16;
    /** Above this a timer's time is taken for a mistake of the guest's; it fires after a tenth of a second. */
    private static final long TIMER_FAR = 1L << 50;
    private static final long TIMER_SOON = 100_000_000;

    private final Domain domain;
    private final VersionCalls version;
    private final SchedCalls sched;
    private final VcpuCalls vcpu;
    private final EventCalls event;
    private GrantCalls grant;
    private boolean refused;

    Hypercalls(Domain domain) {
        this.domain = domain;
        version = new VersionCalls(domain);
        sched = new SchedCalls(domain);
        vcpu = new VcpuCalls(domain);
        event = new EventCalls(domain);
    }

    /** Tells how the grant table of this kind of guest grows. */
    public void grants(GrantFrames frames) { grant = new GrantCalls(domain, frames); }

    /** Serves the call that a vCPU's registers hold. */
    public CallOutcome serve(Vcpu caller) {
        Cpu cpu = caller.cpu;
        refused = false;
        caller.work = 0;
        long[] r = cpu.r;
        int number = (int) r[Cpu.RAX];
        long result = call(caller, number, r[Cpu.RDI], r[Cpu.RSI], r[Cpu.RDX], r[R10]);
        if (result != AGAIN) {
            r[Cpu.RAX] = result;
        }
        return refused ? CallOutcome.REFUSED : CallOutcome.SERVED;
    }

    private long call(Vcpu caller, int number, long a, long b, long c, long d) {
        long cr2 = caller.cpu.cr2;
        long result;
        try {
            result = dispatch(caller, number, a, b, c, d);
        } catch (GuestFault _) {
            caller.cpu.cr2 = cr2;
            result = Errno.EFAULT;
        }
        refused |= result == Errno.ENOSYS;
        return result;
    }

    private long dispatch(Vcpu caller, int number, long a, long b, long c, long d) {
        return switch (number) {
            case MEMORY_OP -> domain.kind().memory(caller, a, b);
            case MULTICALL -> multicall(caller, a, b);
            case SET_TIMER_OP -> setTimer(caller, a);
            case XEN_VERSION -> version.call(caller, a, b);
            case CONSOLE_IO, PLATFORM_OP, SYSCTL, DOMCTL -> Errno.EPERM;
            case GRANT_TABLE_OP -> grant.call(caller, a, b, c);
            case VCPU_OP -> vcpu.call(caller, a, b, c);
            case SCHED_OP -> sched.call(caller, a, b);
            case EVENT_CHANNEL_OP -> event.call(caller, a, b);
            default -> domain.kind().call(caller, number, a, b, c, d);
        };
    }

    private long setTimer(Vcpu caller, long nanos) {
        if (nanos == 0) {
            caller.stopSingleShot();
        } else if (nanos < 0 || nanos > TIMER_FAR) {
            caller.singleShot(domain.machine().nanos() + TIMER_SOON);
        } else {
            caller.singleShot(nanos);
        }
        return 0;
    }

    /** Entries of u64 number, u64 result, u64 arguments[6]. A long list is served in parts. */
    private long multicall(Vcpu caller, long list, long count) {
        if (caller.inMulticall) {
            return Errno.EINVAL;
        }
        caller.inMulticall = true;
        try {
            for (long i = 0; i < (count & 0xffff_ffffL); i++) {
                if (caller.work > WORK_MAX) {
                    domain.kind().again(caller, list + i * MULTICALL_BYTES, (count & 0xffff_ffffL) - i);
                    return AGAIN;
                }
                caller.work++;
                entry(caller, list + i * MULTICALL_BYTES);
            }
            return 0;
        } finally {
            caller.inMulticall = false;
        }
    }

    private void entry(Vcpu caller, long at) {
        GuestPointers memory = caller.pointers;
        int number = (int) memory.u64(at);
        long result = call(caller, number, memory.u64(at + 16), memory.u64(at + 24), memory.u64(at + 32), memory.u64(at + 40));
        memory.put64(at + 8, result);
    }

    /** Whether a list of a call may be served whole; counts it. */
    public static boolean mayServe(Vcpu caller, long count) {
        if (count < 0 || count > WORK_MAX) {
            return false;
        }
        caller.work += (int) count;
        return true;
    }

    /** What the registers ask, for a trace. */
    public CallText describe(Cpu cpu) {
        long[] r = cpu.r;
        int number = (int) r[Cpu.RAX];
        return CallText.of(CallNames.of(number, (int) r[Cpu.RDI]), number & 0xffff_ffffL,
                new CallText.Argument("rdi", r[Cpu.RDI]), new CallText.Argument("rsi", r[Cpu.RSI]), new CallText.Argument("rdx", r[Cpu.RDX]),
                new CallText.Argument("r10", r[R10]), new CallText.Argument("r8", r[R8]));
    }
}
