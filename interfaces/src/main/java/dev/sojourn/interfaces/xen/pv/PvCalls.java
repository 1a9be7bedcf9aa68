package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Segmentation;
import dev.sojourn.interfaces.xen.Errno;
import dev.sojourn.interfaces.xen.GuestPointers;
import dev.sojourn.interfaces.xen.Hypercalls;
import dev.sojourn.isa.Instruction;

/** The calls of one vCPU that only paravirtual guests have: page tables, traps, segments, stacks (public/xen.h). */
final class PvCalls {
    private static final int SET_TRAP_TABLE = 0;
    private static final int MMU_UPDATE = 1;
    private static final int SET_GDT = 2;
    private static final int STACK_SWITCH = 3;
    private static final int SET_CALLBACKS = 4;
    private static final int FPU_TASK_SWITCH = 5;
    private static final int SET_DEBUG_REGISTER = 8;
    private static final int GET_DEBUG_REGISTER = 9;
    private static final int UPDATE_DESCRIPTOR = 10;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int VM_ASSIST = 21;
    private static final int IRET = 23;
    private static final int SET_SEGMENT_BASE = 25;
    private static final int MMUEXT_OP = 26;
    private static final int CALLBACK_OP = 30;
    private static final int PHYSDEV_OP = 33;

    private static final int TRAPS_MAX = 256;
    private static final int CALLBACK_EVENT = 0;
    private static final int CALLBACK_FAILSAFE = 1;
    private static final int CALLBACK_SYSCALL = 2;
    private static final int CALLBACK_SYSENTER = 5;
    private static final int CALLBACK_SYSCALL32 = 7;
    private static final int SET_IOPL = 6;
    private static final int SET_IOBITMAP = 7;
    private static final int RUNSTATE_UPDATE_FLAG = 5;

    private final PvProcessor processor;
    private final Cpu cpu;
    private final GuestPointers memory;

    PvCalls(PvProcessor processor) {
        this.processor = processor;
        cpu = processor.cpu;
        memory = processor.vcpu.pointers;
    }

    long call(int number, long a, long b, long c, long d) {
        PageTableCalls pageTables = processor.guest.pageTables;
        return switch (number) {
            case SET_TRAP_TABLE -> setTrapTable(a);
            case MMU_UPDATE -> pageTables.update(processor.vcpu, a, b, c, d);
            case SET_GDT -> processor.tables().setGlobal(memory, a, b);
            case STACK_SWITCH -> {
                processor.kernelStack = b;
                yield 0;
            }
            case SET_CALLBACKS -> setCallbacks(a, b, c);
            case FPU_TASK_SWITCH -> {
                processor.taskSwitched(a != 0);
                yield 0;
            }
            case SET_DEBUG_REGISTER -> DebugCalls.set(cpu, a, b);
            case GET_DEBUG_REGISTER -> DebugCalls.get(cpu, a);
            case UPDATE_DESCRIPTOR -> pageTables.updateDescriptor(a, b);
            case UPDATE_VA_MAPPING -> pageTables.updateMapping(processor.vcpu, a, b, c);
            case VM_ASSIST -> assist(a, b);
            case IRET -> iret();
            case SET_SEGMENT_BASE -> setSegmentBase((int) Math.clamp(a, -1L, 99L), b);
            case MMUEXT_OP -> pageTables.extended(processor.vcpu, a, b, c, d);
            case CALLBACK_OP -> callback(a, b);
            case PHYSDEV_OP -> physicalDevice(a, b);
            default -> Errno.ENOSYS;
        };
    }

    private long iret() {
        if (processor.vcpu.inMulticall()) {
            return Errno.EINVAL;
        }
        processor.iret();
        return Hypercalls.AGAIN;
    }

    private long setTrapTable(long list) {
        if (list == 0) {
            processor.traps.clear();
            return 0;
        }
        for (int i = 0; i < TRAPS_MAX; i++) {
            long at = list + (long) i * TrapTable.ENTRY_BYTES;
            long address = memory.u64(at + 8);
            if (address == 0) {
                break;
            }
            if (!isCode(address)) {
                return Errno.EINVAL;
            }
            processor.traps.set(memory, at, -1);
        }
        return 0;
    }

    /** Whether the hypervisor could go there: no address that faults before the guest has it. */
    private static boolean isCode(long address) { return address << 16 >> 16 == address; }

    private long setCallbacks(long event, long failsafe, long systemCall) {
        if (!isCode(event) || !isCode(failsafe) || !isCode(systemCall)) {
            return Errno.EINVAL;
        }
        processor.event.set(event, true);
        processor.failsafe.set(failsafe, false);
        processor.systemCall.set(systemCall, false);
        return 0;
    }

    /** 0 registers {u16 type, u16 flags, u64 address at 8}, 1 takes away {u16 type}. */
    private long callback(long command, long at) {
        if (command != 0 && command != 1) {
            return Errno.ENOSYS;
        }
        int type = memory.u16(at);
        Callback callback = switch (type) {
            case CALLBACK_EVENT -> processor.event;
            case CALLBACK_FAILSAFE -> processor.failsafe;
            case CALLBACK_SYSCALL -> processor.systemCall;
            case CALLBACK_SYSENTER -> processor.systemEnter;
            case CALLBACK_SYSCALL32 -> processor.systemCall32;
            default -> null;
        };
        if (callback == null) {
            return Errno.ENOSYS;
        }
        if (command == 1) {
            boolean needed = type == CALLBACK_EVENT || type == CALLBACK_FAILSAFE || type == CALLBACK_SYSCALL;
            callback.set(needed ? callback.address : 0, callback.masksEvents);
            return needed ? Errno.EINVAL : 0;
        }
        long address = memory.u64(at + 8);
        if (!isCode(address)) {
            return Errno.EINVAL;
        }
        callback.set(address, (memory.u16(at + 2) & 1) != 0);
        return 0;
    }

    /** The types 0 to 5 exist; what they stand for is so anyway, but the fifth. */
    private long assist(long command, long type) {
        if (command != 0 && command != 1) {
            return Errno.ENOSYS;
        }
        if (type < 0 || type > RUNSTATE_UPDATE_FLAG || type == 4) {
            return Errno.EINVAL;
        }
        if (type == RUNSTATE_UPDATE_FLAG) {
            return processor.guest.domain.stampRunstate();
        }
        return 0;
    }

    /** 0 FS, 1 GS of programs, 2 GS of the kernel, 3 GS of programs by selector. */
    private long setSegmentBase(int which, long value) {
        boolean base = which >= 0 && which <= 2;
        if (base && value << 16 >> 16 != value) {
            return Errno.EINVAL;
        }
        switch (which) {
            case 0 -> processor.base(Instruction.FS, value);
            case 1 -> processor.otherGsBase(value);
            case 2 -> processor.gsBase(value);
            case 3 -> selectGs((int) value & 0xffff);
            default -> {
                return Errno.EINVAL;
            }
        }
        return 0;
    }

    /** Loads GS as programs shall have it; a selector that cannot be loaded becomes null. */
    private void selectGs(int selector) {
        long kernelBase = processor.gsBase();
        long cr2 = cpu.cr2;
        try {
            Segmentation.load(cpu, Instruction.GS, selector);
        } catch (GuestFault _) {
            cpu.cr2 = cr2;
            Segmentation.load(cpu, Instruction.GS, 0);
        }
        processor.otherGsBase(cpu.segments[Instruction.GS].base);
        processor.gsBase(kernelBase);
    }

    private long physicalDevice(long command, long at) {
        if (command == SET_IOPL) {
            int level = memory.u32(at);
            if (level < 0 || level > 3) {
                return Errno.EINVAL;
            }
            processor.portLevel = level;
            return 0;
        }
        // A map of ports open to programs: there is nothing at any of them.
        return command == SET_IOBITMAP ? 0 : Errno.ENOSYS;
    }
}
