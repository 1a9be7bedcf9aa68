package dev.sojourn.interfaces.vmi;

import dev.sojourn.interfaces.CallText;
import dev.sojourn.interfaces.CallText.Argument;

/** A decoded call on the host. Addresses are linear, numbers unsigned. */
sealed interface HostCall {
    /** The ROM was initialised. */
    record Initialise() implements HostCall {}

    record SetPageRoot(long value) implements HostCall {}

    record Reboot() implements HostCall {}

    record Shutdown() implements HostCall {}

    /** @param bytes 4, or 8 with PAE */
    record SetEntry(long at, int bytes, long value, int flags) implements HostCall {}

    record UpdateEntry(long at, int flags) implements HostCall {}

    record InvalidatePage(long linear) implements HostCall {}

    record FlushBuffer(int flags) implements HostCall {}

    record SetInitialState(long at, int apicId) implements HostCall {}

    record WriteApic(int register, int value) implements HostCall {}

    record ReadApic(int register) implements HostCall {}

    record ReadCounter(int counter) implements HostCall {}

    record SetAlarm(int flags, long expiry, long period) implements HostCall {}

    record CancelAlarm(int counter) implements HostCall {}

    record ReadWallClock() implements HostCall {}

    record SetLazyMode(int mode) implements HostCall {}

    /** One that no routine makes. */
    record Unknown(int number) implements HostCall {}

    /** As a trace shows it. */
    default CallText text() {
        return switch (this) {
            case Initialise() -> CallText.of("Init", Routines.INITIALISE);
            case SetPageRoot(long value) -> text(Call.SET_CR3, new Argument("cr3", value));
            case Reboot() -> text(Call.REBOOT);
            case Shutdown() -> text(Call.SHUTDOWN);
            case SetEntry(long at, int bytes, long value, int flags) -> text(bytes == 8 ? Call.SET_PXE_LONG : Call.SET_PXE,
                    new Argument("at", at), new Argument("entry", value), new Argument("flags", flags & 0xffff_ffffL));
            case UpdateEntry(long at, int flags) ->
                    text(Call.UPDATE_PXE, new Argument("at", at), new Argument("flags", flags & 0xffff_ffffL));
            case InvalidatePage(long linear) -> text(Call.INVALIDATE_PAGE, new Argument("address", linear));
            case FlushBuffer(int flags) -> text(Call.FLUSH_TLB, new Argument("flags", flags));
            case SetInitialState(long at, int apicId) ->
                    text(Call.SET_INITIAL_AP_STATE, new Argument("at", at), new Argument("apic", apicId));
            case WriteApic(int register, int value) ->
                    text(Call.APIC_WRITE, new Argument("register", register), new Argument("value", value & 0xffff_ffffL));
            case ReadApic(int register) -> text(Call.APIC_READ, new Argument("register", register));
            case ReadCounter(int counter) -> text(Call.GET_CYCLE_COUNTER, new Argument("counter", counter));
            case SetAlarm(int flags, long expiry, long period) -> text(Call.SET_ALARM, new Argument("flags", flags),
                    new Argument("expiry", expiry), new Argument("period", period));
            case CancelAlarm(int counter) -> text(Call.CANCEL_ALARM, new Argument("counter", counter));
            case ReadWallClock() -> text(Call.GET_WALLCLOCK_TIME);
            case SetLazyMode(int mode) -> text(Call.SET_LAZY_MODE, new Argument("mode", mode));
            case Unknown(int number) -> CallText.of("unknown", number);
        };
    }

    private static CallText text(Call call, Argument... arguments) { return CallText.of(call.title(), call.number, arguments); }
}
