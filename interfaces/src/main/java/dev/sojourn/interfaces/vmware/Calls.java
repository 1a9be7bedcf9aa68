package dev.sojourn.interfaces.vmware;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.CallText.Argument;
import dev.sojourn.interfaces.MachineOps;

/**
 * The backdoor's commands: magic in EAX, command in ECX, arguments in EBX, ESI and EDI; answers in EAX, EBX and ECX.
 *
 * <p>Answers are 32 bits wide, and registers a command does not answer in keep what they have.
 */
final class Calls {
    static final int MAGIC = 0x564d_5868;
    static final int ALL_ONES = -1;

    private static final int GET_VERSION = 10;
    private static final int GET_HZ = 45;
    private static final int GET_VCPU_INFO = 68;
    private static final int STEAL_CLOCK = 91;

    private static final int VERSION = 6;
    private static final int PRODUCT_ESX = 2;
    private static final int DISABLED = 0;
    private static final int ENABLED = 1;

    private final MachineOps machine;
    private final Cpu cpu;
    private final Clock clock;

    Calls(MachineOps machine, Cpu cpu, Clock clock) {
        this.machine = machine;
        this.cpu = cpu;
        this.clock = clock;
    }

    /** One decoded call. */
    private sealed interface Call {
        record GetVersion() implements Call {}

        record GetHertz() implements Call {}

        record GetProcessorInfo() implements Call {}

        record StealClock(long at) implements Call {}

        record Unknown() implements Call {}
    }

    /** Whether the accumulator says that this is a call. */
    boolean isCall() { return (int) cpu.r[Cpu.RAX] == MAGIC; }

    private static long low(long value) { return value & 0xffff_ffffL; }

    private int number() { return (int) cpu.r[Cpu.RCX] & 0xffff; }

    private Call decode() {
        return switch (number()) {
            case GET_VERSION -> new Call.GetVersion();
            case GET_HZ -> new Call.GetHertz();
            case GET_VCPU_INFO -> new Call.GetProcessorInfo();
            case STEAL_CLOCK -> new Call.StealClock(low(cpu.r[Cpu.RSI]) << 32 | low(cpu.r[Cpu.RDI]));
            default -> new Call.Unknown();
        };
    }

    /** Serves the command in the registers; what is for EAX is left there. */
    CallOutcome serve() {
        Call call = decode();
        int answer = switch (call) {
            case Call.GetVersion() -> {
                cpu.r[Cpu.RBX] = low(MAGIC);
                cpu.r[Cpu.RCX] = PRODUCT_ESX;
                yield VERSION;
            }
            case Call.GetHertz() -> {
                long hertz = machine.timeStamp().hertz();
                cpu.r[Cpu.RBX] = hertz >>> 32;
                cpu.r[Cpu.RCX] = low(machine.apicTimer().hertz());
                yield (int) hertz;
            }
            // No x2APIC: the processor has none.
            case Call.GetProcessorInfo() -> 0;
            case Call.StealClock(long at) -> stealClock(at);
            case Call.Unknown() -> ALL_ONES;
        };
        cpu.r[Cpu.RAX] = low(answer);
        return call instanceof Call.Unknown ? CallOutcome.REFUSED : CallOutcome.SERVED;
    }

    /** The kernel's alone: it makes the machine write where it points. */
    private int stealClock(long at) {
        if (cpu.cpl != 0) {
            return ALL_ONES;
        }
        if (at == State.NO_PAGE) {
            clock.disable();
            return DISABLED;
        }
        return clock.enable(at) ? ENABLED : ALL_ONES;
    }

    CallText describe() {
        Argument argument = new Argument("ebx", low(cpu.r[Cpu.RBX]));
        return switch (decode()) {
            case Call.GetVersion() -> CallText.of("GETVERSION", number(), argument);
            case Call.GetHertz() -> CallText.of("GETHZ", number(), argument);
            case Call.GetProcessorInfo() -> CallText.of("GETVCPU_INFO", number(), argument);
            case Call.StealClock(long at) -> CallText.of("STEALCLOCK", number(), argument, new Argument("address", at));
            case Call.Unknown() -> CallText.of("unknown", number(), argument, new Argument("esi", low(cpu.r[Cpu.RSI])),
                    new Argument("edi", low(cpu.r[Cpu.RDI])));
        };
    }
}
