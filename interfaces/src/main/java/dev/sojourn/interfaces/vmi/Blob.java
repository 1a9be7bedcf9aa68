package dev.sojourn.interfaces.vmi;

import java.util.Locale;
import java.util.Set;

/** Which code implements the calls. */
enum Blob {
    /** Plain instructions, as on bare hardware; where the kernel's own routine is as good, it keeps that. */
    NATIVE,

    /** Plain instructions where they do, and calls on the host for page tables, the APIC, starting processors, and time. */
    TRAP;

    private static final Set<Call> HOST_ONLY = Set.of(Call.REBOOT, Call.SHUTDOWN, Call.SET_PXE, Call.SET_PXE_LONG, Call.UPDATE_PXE,
            Call.UPDATE_PXE_LONG, Call.ALLOCATE_PAGE, Call.RELEASE_PAGE, Call.SET_LINEAR_MAPPING, Call.SET_INITIAL_AP_STATE,
            Call.APIC_WRITE, Call.APIC_READ, Call.GET_CYCLE_FREQUENCY, Call.GET_CYCLE_COUNTER, Call.SET_ALARM, Call.CANCEL_ALARM,
            Call.GET_WALLCLOCK_TIME, Call.WALLCLOCK_UPDATED, Call.SET_LAZY_MODE, Call.UPDATE_KERNEL_STACK);
    private static final Set<Call> BY_HOST = Set.of(Call.SET_CR3, Call.REBOOT, Call.SHUTDOWN, Call.SET_PXE, Call.SET_PXE_LONG,
            Call.UPDATE_PXE, Call.UPDATE_PXE_LONG, Call.INVALIDATE_PAGE, Call.FLUSH_TLB, Call.SET_INITIAL_AP_STATE, Call.APIC_WRITE,
            Call.APIC_READ, Call.GET_CYCLE_COUNTER, Call.SET_ALARM, Call.CANCEL_ALARM, Call.GET_WALLCLOCK_TIME, Call.SET_LAZY_MODE);

    /** By which users choose it. */
    String id() { return name().toLowerCase(Locale.ROOT); }

    /** Whether its initialisation tells the host. */
    boolean usesHost() { return this == TRAP; }

    /** What it answers when it is asked for a call. */
    Relocation answer(Call call) {
        return switch (call) {
            case IO_DELAY -> Relocation.NOP;
            case SYSEXIT -> Relocation.JUMP;
            default -> this == NATIVE && HOST_ONLY.contains(call) ? Relocation.NONE : Relocation.CALL;
        };
    }

    /** Whether a call's routine is a call on the host. */
    boolean asksHost(Call call) { return this == TRAP && BY_HOST.contains(call); }
}
