package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.DebugRegisters;
import dev.sojourn.interfaces.xen.Errno;

/** Debug registers, by the calls for them and by the instructions. */
final class DebugCalls {
    private static final long GENERAL_DETECT = 1 << 13;
    private static final int STATUS = 6;
    private static final int CONTROL = 7;

    private DebugCalls() {}

    private static int number(long register) {
        return register == 4 || register == 5 ? (int) register + 2 : register < 0 || register > CONTROL ? -1 : (int) register;
    }

    static long get(Cpu cpu, long register) {
        int number = number(register);
        return switch (number) {
            case -1 -> Errno.EINVAL;
            case STATUS -> cpu.debug.dr6;
            case CONTROL -> cpu.debug.dr7();
            default -> cpu.debug.address[number];
        };
    }

    static long set(Cpu cpu, long register, long value) {
        int number = number(register);
        boolean control = number == STATUS || number == CONTROL;
        boolean allowed = number >= 0 && (control ? value >>> 32 == 0
                : value << 16 >> 16 == value && !HypervisorHole.contains(value));
        if (!allowed || number == CONTROL && ((value & GENERAL_DETECT) != 0 || watchesPorts(value))) {
            return allowed ? Errno.EPERM : Errno.EINVAL;
        }
        switch (number) {
            case STATUS -> cpu.debug.dr6 = value & 0xe00f | DebugRegisters.DR6_RESET;
            case CONTROL -> cpu.debug.dr7(value);
            default -> cpu.debug.address[number] = value;
        }
        cpu.mmu.flushAll();
        cpu.attend();
        return 0;
    }

    private static boolean watchesPorts(long control) {
        for (int i = 0; i < 4; i++) {
            if ((control >>> 2 * i & 3) != 0 && (control >>> 16 + 4 * i & 3) == 2) {
                return true;
            }
        }
        return false;
    }
}
