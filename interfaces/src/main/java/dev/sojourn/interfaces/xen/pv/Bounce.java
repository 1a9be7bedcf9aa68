package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.FarControl;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.isa.Instruction;

/**
 * Ways into the guest's kernel and back: the frame that its handlers find on their stack, and the call that takes one.
 *
 * <pre>
 * 00 RCX, 08 R11, [10 error code,] then RIP, CS with the mask of events in byte 4, RFLAGS, RSP, SS
 * </pre>
 */
final class Bounce {
    private static final int WORD = 8;
    private static final int FRAME_WORDS = 7;
    private static final int FAILSAFE_WORDS = 11;
    private static final int IN_SYSTEM_CALL = 1 << 8;
    private static final int CLEARED = Cpu.TF | Cpu.NT | Cpu.RF | Cpu.VM | Cpu.AC;
    private static final int RETURNED = Cpu.TF | Cpu.DF | Cpu.RF | Cpu.AC | Cpu.ID;
    private static final int LEVEL = 3;

    private final PvProcessor processor;
    private final Cpu cpu;

    Bounce(PvProcessor processor) {
        this.processor = processor;
        cpu = processor.cpu;
    }

    /** Goes to a handler. @param savedFlags added to the flags it finds */
    void deliver(long handler, boolean masksEvents, boolean hasError, int errorCode, int savedFlags) {
        long sp = cpu.r[Cpu.RSP];
        int flags = cpu.eflags() | savedFlags;
        boolean fromKernel = processor.inKernel();
        int selector = cpu.segments[Instruction.CS].selector;
        int stack = cpu.segments[Instruction.SS].selector;
        enterKernel();
        long at = (fromKernel ? sp : processor.kernelStack) & -16;
        int words = FRAME_WORDS + (hasError ? 1 : 0);
        long frame = at - words * WORD;
        if (!fits(frame, at)) {
            processor.guest.crash(cpu, "the kernel's stack is in the hypervisor");
            return;
        }
        long keep = cpu.rip;
        try {
            at = pushReturn(at, selector, keep, flags, sp, stack, fromKernel);
            if (hasError) {
                at = push(at, errorCode & 0xffff_ffffL);
            }
            at = push(at, cpu.r[Cpu.R11]);
            push(at, cpu.r[Cpu.RCX]);
        } catch (GuestFault _) {
            processor.guest.crash(cpu, "the kernel's stack at 0x" + Long.toHexString(frame) + " cannot be written");
            return;
        }
        go(handler, frame, masksEvents);
    }

    private void enterKernel() {
        if (!processor.inKernel()) {
            processor.toggle();
        }
    }

    private static boolean fits(long low, long high) {
        return high << 16 >> 16 == high && low << 16 >> 16 == low && !HypervisorHole.contains(low)
                && !HypervisorHole.contains(high - 1);
    }

    private long push(long at, long value) {
        cpu.mmu.storeSystem(at - WORD, WORD, value);
        return at - WORD;
    }

    /** A kernel knows its own frames by the level of the selectors, which it is not told truly. */
    private long pushReturn(long top, int selector, long rip, int flags, long sp, int stack, boolean fromKernel) {
        long masked = processor.vcpu.isMasked() ? 1 : 0;
        int shown = flags & ~(Cpu.IOPL | Cpu.IF) | (masked == 0 ? Cpu.IF : 0);
        long at = push(top, fromKernel ? stack & ~LEVEL : stack);
        at = push(at, sp);
        at = push(at, shown & 0xffff_ffffL);
        at = push(at, (fromKernel ? selector & ~LEVEL : selector) | masked << 32);
        return push(at, rip);
    }

    private void go(long handler, long frame, boolean masksEvents) {
        if (masksEvents) {
            processor.vcpu.mask(true);
        }
        cpu.r[Cpu.RSP] = frame;
        cpu.rip = handler;
        cpu.system = cpu.system & ~CLEARED | Cpu.IF;
        processor.flatSegments();
    }

    /**
     * The iret call: takes RAX, R11, RCX, flags, RIP, CS, RFLAGS, RSP and SS from the stack. A return that the processor
     * refuses goes to the failsafe callback.
     */
    void iret() {
        long at = cpu.r[Cpu.RSP];
        long[] frame = new long[9];
        try {
            for (int i = 0; i < frame.length; i++) {
                frame[i] = cpu.mmu.loadSystem(at + WORD * i, WORD);
            }
        } catch (GuestFault _) {
            processor.guest.crash(cpu, "the frame of an iret call cannot be read");
            return;
        }
        int selector = (int) frame[5] & 0xffff;
        boolean toUser = (selector & LEVEL) == LEVEL;
        if (toUser) {
            if (!processor.hasUserTable()) {
                processor.guest.crash(cpu, "a return to a program without page tables");
                return;
            }
            processor.toggle();
        }
        cpu.nmiBlocked = false;
        int flags = (int) frame[6];
        processor.vcpu.mask((flags & Cpu.IF) == 0);
        boolean fromCall = (frame[3] & IN_SYSTEM_CALL) != 0;
        cpu.r[Cpu.RAX] = frame[0];
        cpu.r[Cpu.R11] = fromCall ? frame[6] : frame[1];
        cpu.r[Cpu.RCX] = fromCall ? frame[4] : frame[2];
        resume(frame[4], selector | LEVEL, flags, frame[7], (int) frame[8] & 0xffff | LEVEL);
    }

    private void resume(long rip, int selector, int flags, long sp, int stack) {
        try {
            FarControl.resume(cpu, selector, rip, stack, sp);
        } catch (GuestFault _) {
            failsafe(rip, selector, flags, sp, stack);
            return;
        }
        boolean alignment = ((cpu.system ^ flags) & Cpu.AC) != 0;
        cpu.flags.set(flags);
        cpu.system = flags & RETURNED | 2 | Cpu.IF;
        if ((flags & Cpu.TF) != 0) {
            cpu.attend();
        }
        if (alignment) {
            cpu.modeChanged();
        }
    }

    /** Tells the kernel of a return that cannot be: RCX, R11, DS, ES, FS, GS, then as any frame. */
    private void failsafe(long rip, int selector, int flags, long sp, int stack) {
        if (processor.failsafe.address == 0) {
            processor.guest.crash(cpu, "a bad return frame, and no failsafe callback");
            return;
        }
        boolean fromKernel = processor.inKernel();
        enterKernel();
        long at = (fromKernel ? sp : processor.kernelStack) & -16;
        long frame = at - FAILSAFE_WORDS * WORD;
        if (!fits(frame, at)) {
            processor.guest.crash(cpu, "the kernel's stack is in the hypervisor");
            return;
        }
        try {
            at = pushReturn(at, selector, rip, flags, sp, stack, fromKernel);
            for (int segment : new int[] {Instruction.GS, Instruction.FS, Instruction.ES, Instruction.DS}) {
                at = push(at, cpu.segments[segment].selector);
            }
            push(push(at, cpu.r[Cpu.R11]), cpu.r[Cpu.RCX]);
        } catch (GuestFault _) {
            processor.guest.crash(cpu, "the kernel's stack at 0x" + Long.toHexString(frame) + " cannot be written");
            return;
        }
        go(processor.failsafe.address, frame, processor.failsafe.masksEvents);
    }
}
