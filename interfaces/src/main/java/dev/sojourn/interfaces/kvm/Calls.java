package dev.sojourn.interfaces.kvm;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.CallText.Argument;

/** The hypercalls: number in RAX, arguments in RBX, RCX, RDX, RSI, result in RAX. */
final class Calls {
    private static final int VAPIC_POLL_IRQ = 1;
    private static final int KICK_CPU = 5;
    private static final int CLOCK_PAIRING = 9;
    private static final int SEND_IPI = 10;
    private static final int SCHED_YIELD = 11;

    private static final long NO_SUCH_CALL = -1000;
    private static final long NOT_PERMITTED = -1;
    private static final long FAULT = -14;
    private static final long INVALID = -22;
    private static final long NOT_SUPPORTED = -95;

    private static final int PAIRING_WALL_CLOCK = 0;
    /** Destination modes and shorthands of the interrupt command, which the call has no use for. */
    private static final long COMMAND_DESTINATION = 0xc0800L;
    private static final int IPI_BITS = 128;

    private final KvmInterface.Machine machine;
    private final Cpu cpu;

    Calls(KvmInterface.Machine machine, Cpu cpu) {
        this.machine = machine;
        this.cpu = cpu;
    }

    /** One decoded call. */
    private sealed interface Call {
        record PollInterrupts() implements Call {}

        record Kick(long apicId) implements Call {}

        record PairClocks(long at, long type) implements Call {}

        record SendInterrupt(long low, long high, long lowest, long command) implements Call {}

        record Yield(long apicId) implements Call {}

        record Unknown() implements Call {}
    }

    private long register(int number) { return cpu.is64Bit() ? cpu.r[number] : cpu.r[number] & 0xffff_ffffL; }

    private Call decode() {
        long number = register(Cpu.RAX);
        return switch ((int) Math.clamp(number, 0, Integer.MAX_VALUE)) {
            case VAPIC_POLL_IRQ -> new Call.PollInterrupts();
            case KICK_CPU -> new Call.Kick(register(Cpu.RCX));
            case CLOCK_PAIRING -> new Call.PairClocks(register(Cpu.RBX), register(Cpu.RCX));
            case SEND_IPI -> new Call.SendInterrupt(register(Cpu.RBX), register(Cpu.RCX),
                    register(Cpu.RDX) & 0xffff_ffffL, register(Cpu.RSI));
            case SCHED_YIELD -> new Call.Yield(register(Cpu.RBX));
            default -> new Call.Unknown();
        };
    }

    CallOutcome serve() {
        if (cpu.cpl != 0) {
            answer(NOT_PERMITTED);
            return CallOutcome.REFUSED;
        }
        long result = switch (decode()) {
            case Call.PollInterrupts() -> 0;
            case Call.Kick(long apicId) -> kick(apicId);
            case Call.PairClocks(long at, long type) -> pairClocks(at, type);
            case Call.SendInterrupt call -> sendInterrupt(call);
            case Call.Yield _ -> endTurn();
            case Call.Unknown() -> NO_SUCH_CALL;
        };
        answer(result);
        return result == NO_SUCH_CALL ? CallOutcome.REFUSED : CallOutcome.SERVED;
    }

    private void answer(long result) { cpu.r[Cpu.RAX] = cpu.is64Bit() ? result : result & 0xffff_ffffL; }

    private boolean exists(long apicId) { return apicId >= 0 && apicId < machine.processors.size(); }

    private long kick(long apicId) {
        if (exists(apicId)) {
            machine.processors.get((int) apicId).ops.wake();
        }
        return 0;
    }

    private long pairClocks(long at, long type) {
        if (type != PAIRING_WALL_CLOCK) {
            return NOT_SUPPORTED;
        }
        if (!machine.ops.memory().isRam(at, Clock.PAIRING_BYTES)) {
            return FAULT;
        }
        machine.clock.pair(at, cpu.msrs.tscAdjust);
        return 0;
    }

    /** @return how many processors took it */
    private long sendInterrupt(Call.SendInterrupt call) {
        DeliveryMode mode = DeliveryMode.of((int) call.command >> 8);
        if ((call.command & COMMAND_DESTINATION) != 0 || mode != DeliveryMode.FIXED && mode != DeliveryMode.NMI) {
            return INVALID;
        }
        int bits = cpu.is64Bit() ? IPI_BITS : IPI_BITS / 2;
        int reached = 0;
        for (int bit = 0; bit < bits; bit++) {
            boolean wanted = (bit < bits / 2 ? call.low >>> bit : call.high >>> bit - bits / 2) % 2 != 0;
            if (wanted && exists(call.lowest + bit) && machine.ops.bus().send(mode, (int) call.command & 0xff, false,
                    (int) call.lowest + bit, false)) {
                reached++;
            }
        }
        return reached;
    }

    private long endTurn() {
        machine.processors.get(cpu.id).ops.endTurn();
        return 0;
    }

    CallText describe() {
        long number = register(Cpu.RAX);
        return switch (decode()) {
            case Call.PollInterrupts() -> CallText.of("VAPIC_POLL_IRQ", number);
            case Call.Kick(long apicId) -> CallText.of("KICK_CPU", number, new Argument("flags", register(Cpu.RBX)),
                    new Argument("apic", apicId));
            case Call.PairClocks(long at, long type) -> CallText.of("CLOCK_PAIRING", number, new Argument("address", at),
                    new Argument("type", type));
            case Call.SendInterrupt(long low, long high, long lowest, long command) -> CallText.of("SEND_IPI", number,
                    new Argument("low", low), new Argument("high", high), new Argument("lowest", lowest),
                    new Argument("icr", command));
            case Call.Yield(long apicId) -> CallText.of("SCHED_YIELD", number, new Argument("apic", apicId));
            case Call.Unknown() -> CallText.of("unknown", number, new Argument("rbx", register(Cpu.RBX)),
                    new Argument("rcx", register(Cpu.RCX)), new Argument("rdx", register(Cpu.RDX)),
                    new Argument("rsi", register(Cpu.RSI)));
        };
    }
}
