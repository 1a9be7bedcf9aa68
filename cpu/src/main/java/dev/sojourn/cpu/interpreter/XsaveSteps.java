package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.cpu.operation.x87.X87Environment;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;
import java.util.Arrays;

/**
 * XSAVE, XRSTOR, XGETBV and XSETBV with the state components x87 and SSE, in the standard format (SDM volume 1, chapter
 * 13).
 *
 * <p>Both components count as in use always, which the manual leaves to the processor. All four are #UD until the system
 * sets CR4.OSXSAVE.
 */
final class XsaveSteps {
    private static final int X87 = 1;
    private static final int SSE = 2;
    private static final int COMPONENTS = X87 | SSE;

    private static final int AREA_BYTES = 576;
    private static final int ALIGNMENT = 63;
    private static final int MXCSR_OFFSET = 24;
    private static final int REGISTERS_OFFSET = 32;
    private static final int XMM_OFFSET = 160;
    private static final int HEADER_OFFSET = 512;

    private XsaveSteps() {}

    static Step bind(Instruction i, long next) {
        return switch (i.op) {
            case XSAVE -> new Xsave(i, new Address(i, next));
            case XRSTOR -> new Xrstor(i, new Address(i, next));
            case XGETBV -> new GetControl();
            default -> new SetControl();
        };
    }

    private static void checkEnabled(Cpu cpu) {
        if ((cpu.cr4 & Cpu.CR4_OSXSAVE) == 0) {
            throw cpu.fault(Vector.UD, 0);
        }
    }

    private static long area(Cpu cpu, Address address, boolean store) {
        checkEnabled(cpu);
        if ((cpu.cr0 & Cpu.CR0_TS) != 0) {
            throw cpu.fault(Vector.NM, 0);
        }
        long at = address.linear(cpu, AREA_BYTES, store);
        if ((at & ALIGNMENT) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return at;
    }

    private static int requested(Cpu cpu) { return (int) cpu.r[Cpu.RAX] & cpu.xcr0; }

    private static final class Xsave extends Step {
        private final boolean wide;
        private final int halves;
        private final Address address;

        Xsave(Instruction i, Address address) {
            wide = i.operandBytes == 8;
            halves = i.mode == Mode.BITS_64 ? 32 : 16;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) {
            long at = area(cpu, address, true);
            cpu.mmu.probeStore(at, AREA_BYTES);
            int requested = requested(cpu);
            long header = cpu.mmu.load64(cpu.wrap(at + HEADER_OFFSET));
            byte[] image = cpu.stateImage;
            if ((requested & X87) != 0) {
                X87Environment.fxsave(cpu.fpu, image, wide);
                StateSteps.store(cpu, at, 0, MXCSR_OFFSET);
                StateSteps.store(cpu, at, REGISTERS_OFFSET, XMM_OFFSET);
            }
            if ((requested & SSE) != 0) {
                StateSteps.Image.putInt(image, MXCSR_OFFSET, cpu.mxcsr.value());
                StateSteps.Image.putInt(image, MXCSR_OFFSET + 4, Mxcsr.WRITABLE);
                for (int i = 0; i < halves; i++) {
                    StateSteps.Image.putLong(image, XMM_OFFSET + 8 * i, cpu.xmm[i]);
                }
                StateSteps.store(cpu, at, MXCSR_OFFSET, REGISTERS_OFFSET);
                StateSteps.store(cpu, at, XMM_OFFSET, XMM_OFFSET + 8 * halves);
            }
            cpu.mmu.store64(cpu.wrap(at + HEADER_OFFSET), header | requested);
        }
    }

    private static final class Xrstor extends Step {
        private final boolean wide;
        private final int halves;
        private final Address address;

        Xrstor(Instruction i, Address address) {
            wide = i.operandBytes == 8;
            halves = i.mode == Mode.BITS_64 ? 32 : 16;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) {
            long at = area(cpu, address, false);
            int requested = requested(cpu);
            long present = cpu.mmu.load64(cpu.wrap(at + HEADER_OFFSET));
            long compaction = cpu.mmu.load64(cpu.wrap(at + HEADER_OFFSET + 8));
            long reserved = cpu.mmu.load64(cpu.wrap(at + HEADER_OFFSET + 16));
            if ((present & ~cpu.xcr0) != 0 || (compaction | reserved) != 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            StateSteps.load(cpu, at, HEADER_OFFSET);
            byte[] image = cpu.stateImage;
            int mxcsr = StateSteps.Image.getInt(image, MXCSR_OFFSET);
            if ((requested & SSE) != 0) {
                if ((mxcsr & ~Mxcsr.WRITABLE) != 0) {
                    throw cpu.fault(Vector.GP, 0);
                }
                cpu.mxcsr.load(mxcsr);
                registers(cpu, image, (present & SSE) != 0);
            }
            if ((requested & X87) != 0) {
                restore(cpu, image, (present & X87) != 0);
            }
        }

        private void registers(Cpu cpu, byte[] image, boolean present) {
            for (int i = 0; i < halves; i++) {
                cpu.xmm[i] = present ? StateSteps.Image.getLong(image, XMM_OFFSET + 8 * i) : 0;
            }
        }

        /** What is not in the area takes its initial value: registers of zero, all empty, FCW 37F. */
        private void restore(Cpu cpu, byte[] image, boolean present) {
            if (!present) {
                Arrays.fill(image, 0, XMM_OFFSET, (byte) 0);
            }
            X87Environment.fxrstor(cpu.fpu, image, wide);
            if (!present) {
                cpu.fpu.initialize();
            }
        }
    }

    private static final class GetControl extends Step {
        @Override
        void run(Cpu cpu) {
            checkEnabled(cpu);
            if ((int) cpu.r[Cpu.RCX] != 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            cpu.r[Cpu.RAX] = cpu.xcr0;
            cpu.r[Cpu.RDX] = 0;
        }
    }

    /** XSETBV: x87 may not be switched off. */
    private static final class SetControl extends Step {
        @Override
        void run(Cpu cpu) {
            checkEnabled(cpu);
            cpu.requireLevel0();
            int value = (int) cpu.r[Cpu.RAX];
            boolean known = (int) cpu.r[Cpu.RCX] == 0 && (int) cpu.r[Cpu.RDX] == 0 && (value & ~COMPONENTS) == 0;
            if (!known || (value & X87) == 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            cpu.xcr0 = value;
        }
    }
}
