package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.vector.Mxcsr;

/**
 * What x87, MMX and SSE instructions check before they run, and what they may raise after (SDM volume 2, 2.5 and 2.6).
 */
final class MediaUnit {
    private MediaUnit() {}

    /** MMX: there is no emulation of it. @throws dev.sojourn.cpu.GuestFault #UD, #NM, #MF */
    static void checkMmx(Cpu cpu) {
        if ((cpu.cr0 & (Cpu.CR0_EM | Cpu.CR0_TS)) != 0) {
            throw cpu.fault((cpu.cr0 & Cpu.CR0_EM) != 0 ? Vector.UD : Vector.NM, 0);
        }
        checkPending(cpu);
    }

    /** FXSAVE and FXRSTOR. @throws dev.sojourn.cpu.GuestFault #UD, #NM */
    static void checkState(Cpu cpu) {
        if ((cpu.cr0 & (Cpu.CR0_EM | Cpu.CR0_TS)) != 0) {
            throw cpu.fault((cpu.cr0 & Cpu.CR0_EM) != 0 ? Vector.UD : Vector.NM, 0);
        }
    }

    /**
     * Raises #MF for an unmasked x87 exception that waits. There is no FERR line: CR0.NE counts as set.
     *
     * @throws dev.sojourn.cpu.GuestFault #MF
     */
    static void checkPending(Cpu cpu) {
        if (cpu.fpu.exceptionPending()) {
            throw cpu.fault(Vector.MF, 0);
        }
    }

    /**
     * Makes the SSE exceptions of this instruction known; before its destination is written.
     *
     * @throws dev.sojourn.cpu.GuestFault #XM, or #UD where the system does not know #XM, if one is not masked
     */
    static void settle(Cpu cpu) {
        Mxcsr mxcsr = cpu.mxcsr;
        if (mxcsr.raised() != 0 && mxcsr.settle()) {
            throw cpu.fault((cpu.cr4 & Cpu.CR4_OSXMMEXCPT) != 0 ? Vector.XM : Vector.UD, 0);
        }
    }
}
