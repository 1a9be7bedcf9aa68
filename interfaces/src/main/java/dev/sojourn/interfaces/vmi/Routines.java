package dev.sojourn.interfaces.vmi;

import static dev.sojourn.interfaces.vmi.Assembler.Register.*;

import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.vmi.Assembler.Condition;
import dev.sojourn.interfaces.vmi.Assembler.Register;

/**
 * The code of the calls. Arguments are in EAX, EDX and ECX, then on the stack; EBX, ESI, EDI and EBP are kept, and by the four calls of
 * the interrupt flag all registers but their result: kernels put them where no compiler knows of a call.
 */
final class Routines {
    /** What follows VMCALL: NOP with a displacement of the call's number and "VMI", seven bytes as a number, the number being 0. */
    static final long TAGGED = 0x49_4d56_0080_1f0fL;
    static final long TAGGED_MASK = 0xff_ffff_00ff_ffffL;
    static final int TAGGED_BYTES = 7;
    static final int NUMBER_AT = 3;
    /** The number by which initialisation comes to the host; no call has it. */
    static final int INITIALISE = 0x80;

    private static final int CR4_GLOBAL = 1 << 7;
    private static final int IOPL = 3 << 12;
    private static final int INTERRUPT_FLAG = 1 << 9;
    private static final int[] DEBUG_REGISTERS = {0, 1, 2, 3, 6, 7};

    private final Assembler a;

    Routines(Assembler a) { this.a = a; }

    /** A call on the host; it comes back behind the tag. */
    void host(int number) {
        a.bytes("vmcall", 0x0f, 0x01, 0xc1);
        tag(number);
    }

    private void tag(int number) {
        a.number("nop [EAX+0x%x]".formatted(TAGGED >> 8 * NUMBER_AT | number), TAGGED_BYTES, TAGGED | (long) number << 8 * NUMBER_AT);
    }

    /** The routine of a call in plain instructions. */
    void plain(Call call) {
        switch (call) {
            case CPUID -> a.bytes("cpuid", 0x0f, 0xa2);
            case SET_GDT -> a.table("lgdt", 2, EAX);
            case SET_LDT -> a.selector("lldt", 2);
            case SET_IDT -> a.table("lidt", 3, EAX);
            case SET_TR -> a.selector("ltr", 3);
            case GET_GDT -> a.table("sgdt", 0, EAX);
            case GET_LDT -> a.selector("sldt", 0);
            case GET_IDT -> a.table("sidt", 1, EAX);
            case GET_TR -> a.selector("str", 1);
            case WRITE_GDT_ENTRY, WRITE_LDT_ENTRY, WRITE_IDT_ENTRY -> writeEntry();
            case SET_CR0 -> a.toControl(0, EAX);
            case SET_CR2 -> a.toControl(2, EAX);
            case SET_CR3 -> a.toControl(3, EAX);
            case SET_CR4 -> a.toControl(4, EAX);
            case GET_CR0 -> a.fromControl(EAX, 0);
            case GET_CR2 -> a.fromControl(EAX, 2);
            case GET_CR3 -> a.fromControl(EAX, 3);
            case GET_CR4 -> a.fromControl(EAX, 4);
            case WBINVD -> a.bytes("wbinvd", 0x0f, 0x09);
            case SET_DR -> debugRegisters(true);
            case GET_DR -> debugRegisters(false);
            case RDTSC -> a.bytes("rdtsc", 0x0f, 0x31);
            case CLTS -> a.bytes("clts", 0x0f, 0x06);
            case ENABLE_INTERRUPTS -> sti();
            case DISABLE_INTERRUPTS -> a.bytes("cli", 0xfa);
            case GET_INTERRUPT_MASK -> {
                pushf();
                a.pop(EAX);
                a.and(EAX, INTERRUPT_FLAG);
            }
            case SET_INTERRUPT_MASK -> setInterruptMask();
            case IRET -> {
                a.add(ESP, 4);
                // The host knows it by its tag: the kernel expects its fault where it called.
                a.bytes("iret", 0xcf);
                tag(call.number);
            }
            case SYSEXIT -> {
                sti();
                a.bytes("sysexit", 0x0f, 0x35);
            }
            case HALT -> {
                sti();
                a.bytes("hlt", 0xf4);
            }
            case INVALIDATE_PAGE -> a.table("invlpg", 7, EAX);
            case FLUSH_TLB -> flush();
            case SET_IOPL_MASK -> setPrivilege();
            case GET_CYCLE_FREQUENCY -> {
                a.move(EAX, (int) ProcessorPlatform.TSC.hertz());
                a.move(EDX, (int) (ProcessorPlatform.TSC.hertz() >>> 32));
            }
            case WALLCLOCK_UPDATED -> a.xor(EAX, EAX);
            // The processor walks the guest's own tables, and reads its own task state.
            case UPDATE_KERNEL_STACK, ALLOCATE_PAGE, RELEASE_PAGE, SET_LINEAR_MAPPING -> {}
            case REBOOT, SHUTDOWN, SET_PXE, SET_PXE_LONG, UPDATE_PXE, UPDATE_PXE_LONG, SET_INITIAL_AP_STATE, APIC_WRITE, APIC_READ,
                    IO_DELAY, GET_CYCLE_COUNTER, SET_ALARM, CANCEL_ALARM, GET_WALLCLOCK_TIME, SET_LAZY_MODE ->
                    throw new IllegalStateException("No plain instructions do " + call);
        }
        if (call != Call.IRET && call != Call.SYSEXIT) {
            a.ret();
        }
    }

    private void sti() { a.bytes("sti", 0xfb); }

    private void pushf() { a.bytes("pushf", 0x9c); }

    private void writeEntry() {
        a.address8(EAX, EAX, EDX);
        a.load(EDX, ESP, 4);
        a.store(EAX, 0, ECX);
        a.store(EAX, 4, EDX);
    }

    private void debugRegisters(boolean set) {
        String name = set ? "set_dr" : "get_dr";
        for (int number : DEBUG_REGISTERS) {
            a.compare(EAX, number);
            a.jump(Condition.NZ, name + "_not" + number);
            if (set) {
                a.toDebug(number, EDX);
            } else {
                a.fromDebug(EAX, number);
            }
            a.ret();
            a.label(name + "_not" + number);
        }
        if (!set) {
            a.xor(EAX, EAX);
        }
    }

    private void setInterruptMask() {
        a.bytes("test AH, 0x2", 0xf6, 0xc4, INTERRUPT_FLAG >> 8);
        a.jump(Condition.Z, "mask_clear");
        sti();
        a.ret();
        a.label("mask_clear");
        a.bytes("cli", 0xfa);
    }

    private void flush() {
        a.bytes("test AL, 0x2", 0xa8, 2);
        a.jump(Condition.Z, "flush_local");
        a.fromControl(EAX, 4);
        a.move(EDX, EAX);
        a.and(EAX, ~CR4_GLOBAL);
        a.toControl(4, EAX);
        a.toControl(4, EDX);
        a.label("flush_local");
        a.fromControl(EAX, 3);
        a.toControl(3, EAX);
    }

    private void setPrivilege() {
        a.and(EAX, IOPL);
        pushf();
        a.pop(EDX);
        a.and(EDX, ~IOPL);
        a.or(EDX, EAX);
        a.push(EDX);
        a.bytes("popf", 0x9d);
    }

    /** Answers which call is where: EAX is its number; EAX becomes its address, EDX what kind of answer that is. */
    void relocation(String table) {
        a.compare(EAX, Call.NUMBERS - 1);
        a.jump(Condition.A, "relocation_none");
        a.call("relocation_here");
        a.label("relocation_here");
        int here = a.here();
        a.pop(ECX);
        a.loadEntry(EDX, ECX, EAX, table, here, 4);
        a.loadEntry(EAX, ECX, EAX, table, here, 0);
        a.add(EAX, (Register) ECX);
        a.ret();
        a.label("relocation_none");
        a.xor(EAX, EAX);
        a.xor(EDX, EDX);
        a.ret();
    }
}
