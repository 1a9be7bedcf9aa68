package dev.sojourn.interfaces.vmi;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The calls of API 3.0 that merged Linux asks for or that its header names, by number. */
enum Call {
    CPUID(0), SET_GDT(3), SET_LDT(4), SET_IDT(5), SET_TR(6), GET_GDT(7), GET_LDT(8), GET_IDT(9), GET_TR(10),
    WRITE_GDT_ENTRY(11), WRITE_LDT_ENTRY(12), WRITE_IDT_ENTRY(13), UPDATE_KERNEL_STACK(14),
    SET_CR0(15), SET_CR2(16), SET_CR3(17), SET_CR4(18), GET_CR0(19), GET_CR2(20), GET_CR3(21), GET_CR4(22),
    WBINVD(23), SET_DR(24), GET_DR(25), RDTSC(27), CLTS(28),
    ENABLE_INTERRUPTS(29), DISABLE_INTERRUPTS(30), GET_INTERRUPT_MASK(31), SET_INTERRUPT_MASK(32), IRET(33), SYSEXIT(34),
    HALT(35), REBOOT(36), SHUTDOWN(37), SET_PXE(38), SET_PXE_LONG(39), UPDATE_PXE(40), UPDATE_PXE_LONG(41),
    ALLOCATE_PAGE(44), RELEASE_PAGE(45), INVALIDATE_PAGE(46), FLUSH_TLB(47), SET_LINEAR_MAPPING(48), SET_IOPL_MASK(61),
    SET_INITIAL_AP_STATE(62), APIC_WRITE(63), APIC_READ(64), IO_DELAY(65), GET_CYCLE_FREQUENCY(66), GET_CYCLE_COUNTER(67),
    SET_ALARM(68), CANCEL_ALARM(69), GET_WALLCLOCK_TIME(70), WALLCLOCK_UPDATED(71), SET_LAZY_MODE(73);

    /** Numbers are below this; those without a call are answered with "none". */
    static final int NUMBERS = 74;

    final int number;

    Call(int number) { this.number = number; }

    /** The call of a number; none for a gap in the numbering. */
    static Optional<Call> of(int number) { return Arrays.stream(values()).filter(call -> call.number == number).findFirst(); }

    /** As the kernel's headers write it: {@code SetPxELong}. */
    String title() {
        return switch (this) {
            case CPUID -> "CPUID";
            case SET_PXE -> "SetPxE";
            case SET_PXE_LONG -> "SetPxELong";
            case UPDATE_PXE -> "UpdatePxE";
            case UPDATE_PXE_LONG -> "UpdatePxELong";
            case WBINVD, RDTSC, CLTS, IRET, SYSEXIT -> name();
            case FLUSH_TLB -> "FlushTLB";
            case INVALIDATE_PAGE -> "InvalPage";
            case SET_IOPL_MASK -> "SetIOPLMask";
            case SET_INITIAL_AP_STATE -> "SetInitialAPState";
            case APIC_WRITE -> "APICWrite";
            case APIC_READ -> "APICRead";
            case IO_DELAY -> "IODelay";
            default -> title(name());
        };
    }

    private static String title(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("_")) {
            boolean register = word.matches("GDT|LDT|IDT|TR|DR|CR\\d");
            text.append(register ? word : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }
}
