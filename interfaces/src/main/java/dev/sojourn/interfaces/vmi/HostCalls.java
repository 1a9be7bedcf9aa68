package dev.sojourn.interfaces.vmi;

import dev.sojourn.cpu.ControlRegisters;
import dev.sojourn.cpu.Cpu;
import dev.sojourn.interfaces.CallOutcome;
import dev.sojourn.interfaces.CallText;
import dev.sojourn.isa.Instruction;
import dev.sojourn.memory.GuestMemory;
import java.util.Optional;

/**
 * The calls of ROM code on the host: VMCALL with the number in the no-operation behind it, registers and stack as at the entry of the
 * routine. So a copy of the ROM works as the ROM does.
 */
final class HostCalls {
    /** Bits of the flags of page-table calls: an address in bits 31 to 12 of the current space; it may wait. */
    private static final int HAS_ADDRESS = 0x10;
    private static final int MAY_WAIT = 0x20;
    private static final int PRESENT = 1;
    private static final int FLUSH_GLOBAL = 2;
    private static final int LAZY_MMU = 1;
    private static final int APIC_REGISTER = 0xfff;
    private static final long LOW = 0xffff_ffffL;

    private static final Call[] CALLS = new Call[Call.NUMBERS];

    static {
        for (Call call : Call.values()) {
            CALLS[call.number] = call;
        }
    }

    private final Processor processor;
    private final Cpu cpu;

    HostCalls(Processor processor) {
        this.processor = processor;
        cpu = processor.ops.cpu();
    }

    /** Serves the call the processor is at; there is none at other levels than the kernel's, nor without the tag. */
    CallOutcome serve() {
        if (cpu.cpl != 0 || !cpu.usesDescriptors() || cpu.isLongMode() || !isTagged()) {
            return CallOutcome.ABSENT;
        }
        HostCall call = decode();
        serve(call);
        cpu.rip = cpu.rip + Routines.TAGGED_BYTES & LOW;
        return call instanceof HostCall.Unknown ? CallOutcome.REFUSED : CallOutcome.SERVED;
    }

    Optional<CallText> describe() { return isTagged() ? Optional.of(decode().text()) : Optional.empty(); }

    private boolean isTagged() {
        long at = cpu.codeLinear(cpu.rip);
        return (at & GuestMemory.PAGE_BYTES - 1) <= GuestMemory.PAGE_BYTES - Long.BYTES
                && (cpu.mmu.load64(at) & Routines.TAGGED_MASK) == Routines.TAGGED;
    }

    private int eax() { return (int) cpu.r[Cpu.RAX]; }

    private int edx() { return (int) cpu.r[Cpu.RDX]; }

    private int ecx() { return (int) cpu.r[Cpu.RCX]; }

    private static long pair(int low, int high) { return low & LOW | (long) high << 32; }

    /** An argument on the stack, from 1; at 0 is the return address. */
    private int stacked(int index) {
        return cpu.mmu.load32(cpu.bases[Instruction.SS] + (cpu.r[Cpu.RSP] & cpu.stackMask) + 4L * index & LOW);
    }

    private HostCall decode() {
        int number = cpu.mmu.load8(cpu.codeLinear(cpu.rip) + Routines.NUMBER_AT);
        if (number == Routines.INITIALISE) {
            return new HostCall.Initialise();
        }
        if (number >= Call.NUMBERS || CALLS[number] == null) {
            return new HostCall.Unknown(number);
        }
        return switch (CALLS[number]) {
            case SET_CR3 -> new HostCall.SetPageRoot(eax() & LOW);
            case REBOOT -> new HostCall.Reboot();
            case SHUTDOWN -> new HostCall.Shutdown();
            case SET_PXE -> new HostCall.SetEntry(edx() & LOW, 4, eax() & LOW, ecx());
            case SET_PXE_LONG -> new HostCall.SetEntry(ecx() & LOW, 8, pair(eax(), edx()), stacked(1));
            case UPDATE_PXE, UPDATE_PXE_LONG -> new HostCall.UpdateEntry(eax() & LOW, edx());
            case INVALIDATE_PAGE -> new HostCall.InvalidatePage(eax() & LOW);
            case FLUSH_TLB -> new HostCall.FlushBuffer(eax());
            case SET_INITIAL_AP_STATE -> new HostCall.SetInitialState(eax() & LOW, edx());
            case APIC_WRITE -> new HostCall.WriteApic(eax() & APIC_REGISTER, edx());
            case APIC_READ -> new HostCall.ReadApic(eax() & APIC_REGISTER);
            case GET_CYCLE_COUNTER -> new HostCall.ReadCounter(eax());
            case SET_ALARM -> new HostCall.SetAlarm(eax(), pair(edx(), ecx()), pair(stacked(1), stacked(2)));
            // Linux gives all of an alarm's flags here.
            case CANCEL_ALARM -> new HostCall.CancelAlarm(eax() & AlarmClock.COUNTER);
            case GET_WALLCLOCK_TIME -> new HostCall.ReadWallClock();
            case SET_LAZY_MODE -> new HostCall.SetLazyMode(eax());
            default -> new HostCall.Unknown(number);
        };
    }

    private void serve(HostCall call) {
        switch (call) {
            case HostCall.Initialise() -> processor.guest.activate();
            case HostCall.SetPageRoot(long value) -> {
                processor.deferred.settle();
                ControlRegisters.cr3(cpu, value);
            }
            case HostCall.Reboot() -> {
                processor.guest.machine.power().reset();
                processor.ops.endTurn();
            }
            case HostCall.Shutdown() -> {
                processor.guest.machine.power().powerOff();
                processor.ops.endTurn();
            }
            case HostCall.SetEntry(long at, int bytes, long value, int flags) -> setEntry(at, bytes, value, flags);
            case HostCall.UpdateEntry(_, int flags) -> changed(flags);
            case HostCall.InvalidatePage(long linear) -> {
                processor.deferred.settle();
                cpu.mmu.flushPage(linear);
            }
            case HostCall.FlushBuffer(int flags) -> processor.deferred.settleAll((flags & FLUSH_GLOBAL) != 0);
            case HostCall.SetInitialState(long at, int apicId) -> processor.guest.prepare(apicId, ApState.at(cpu, at));
            case HostCall.WriteApic(int register, int value) ->
                    processor.ops.apic().write(register, 4, value & LOW);
            case HostCall.ReadApic(int register) -> cpu.r[Cpu.RAX] = processor.ops.apic().read(register, 4) & LOW;
            case HostCall.ReadCounter(int counter) -> result(processor.counters.read(counter));
            case HostCall.SetAlarm(int flags, long expiry, long period) ->
                    processor.alarm(flags & AlarmClock.COUNTER).ifPresent(alarm -> alarm.set(flags, expiry, period));
            case HostCall.CancelAlarm(int counter) ->
                    cpu.r[Cpu.RAX] = processor.alarm(counter).map(AlarmClock::cancel).orElse(false) ? 1 : 0;
            case HostCall.ReadWallClock() -> result(processor.guest.machine.date().epochNanos());
            case HostCall.SetLazyMode(int mode) -> {
                processor.lazyMode = mode;
                if (mode == 0) {
                    processor.deferred.settle();
                }
            }
            case HostCall.Unknown(_) -> {}
        }
    }

    private void result(long value) {
        cpu.r[Cpu.RAX] = value & LOW;
        cpu.r[Cpu.RDX] = value >>> 32;
    }

    /** A translation that was not present is in no buffer. */
    private void setEntry(long at, int bytes, long value, int flags) {
        boolean wasPresent;
        if (bytes == 8) {
            wasPresent = (cpu.mmu.load64(at) & PRESENT) != 0;
            cpu.mmu.store64(at, value);
        } else {
            wasPresent = (cpu.mmu.load32(at) & PRESENT) != 0;
            cpu.mmu.store32(at, (int) value);
        }
        if (wasPresent) {
            changed(flags);
        }
    }

    private void changed(int flags) {
        if ((flags & HAS_ADDRESS) == 0) {
            return;
        }
        long linear = flags & LOW & -GuestMemory.PAGE_BYTES;
        processor.deferred.add(linear);
        if ((flags & MAY_WAIT) == 0 && processor.lazyMode != LAZY_MMU) {
            processor.deferred.settle();
        }
    }
}
