package dev.sojourn.cpu.interpreter;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.Vector;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.cpu.operation.x87.X87Environment;
import dev.sojourn.isa.Instruction;
import dev.sojourn.isa.Mode;

/** Moves the state of the x87 and SSE units to memory and back. */
final class StateSteps {
    private static final int FXSAVE_BYTES = 512;
    /** What FXSAVE leaves alone behind here is for software (SDM volume 1, 10.5.1). */
    private static final int FXSAVE_WRITTEN_64 = 416;
    private static final int FXSAVE_WRITTEN_32 = 288;
    private static final int MXCSR_OFFSET = 24;
    private static final int XMM_OFFSET = 160;
    private static final int FXSAVE_ALIGNMENT = 15;

    private StateSteps() {}

    static Step bind(Instruction i, long next) {
        Address address = new Address(i, next);
        return switch (i.op) {
            case FXSAVE -> new Fxsave(i, address);
            case FXRSTOR -> new Fxrstor(i, address);
            case LDMXCSR -> new LoadMxcsr(address);
            default -> new StoreMxcsr(address);
        };
    }

    /**
     * Loads that many bytes of memory into the processor's state image, as words if they are no whole number of doublewords.
     * One place and the last byte are looked at before all others.
     */
    static void load(Cpu cpu, long first, long at, int bytes) {
        byte[] image = cpu.stateImage;
        int unit = unit(bytes);
        cpu.mmu.load(first, first == at ? unit : 1);
        cpu.mmu.load8(cpu.wrap(at + bytes - 1));
        for (int done = 0; done < bytes; done += unit) {
            long value = cpu.mmu.load(cpu.wrap(at + done), unit);
            for (int i = 0; i < unit; i++) {
                image[done + i] = (byte) (value >>> 8 * i);
            }
        }
    }

    /** Faults as a store of the state image would, in the same order. */
    static void probe(Cpu cpu, long first, long at, int bytes) {
        cpu.mmu.probeStore(first, first == at ? unit(bytes) : 1);
        cpu.mmu.probeStore(cpu.wrap(at + bytes - 1), 1);
        cpu.mmu.probeStore(at, bytes);
    }

    private static int unit(int bytes) { return (bytes & 3) == 0 ? 4 : 2; }

    /** Stores that part of the state image; the caller has probed. */
    static void store(Cpu cpu, long at, int from, int to) {
        byte[] image = cpu.stateImage;
        int done = from;
        for (; done + 4 <= to; done += 4) {
            cpu.mmu.store32(cpu.wrap(at + done), Image.getInt(image, done));
        }
        for (; done < to; done++) {
            cpu.mmu.store8(cpu.wrap(at + done), image[done]);
        }
    }

    private static long aligned(Cpu cpu, Address address, boolean store) {
        long at = address.linear(cpu, FXSAVE_BYTES, store);
        if ((at & FXSAVE_ALIGNMENT) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        return at;
    }

    /** Little-endian numbers in an image. */
    static final class Image {
        private Image() {}

        static int getInt(byte[] image, int at) {
            return image[at] & 0xff | (image[at + 1] & 0xff) << 8 | (image[at + 2] & 0xff) << 16 | image[at + 3] << 24;
        }

        static void putInt(byte[] image, int at, int value) {
            image[at] = (byte) value;
            image[at + 1] = (byte) (value >> 8);
            image[at + 2] = (byte) (value >> 16);
            image[at + 3] = (byte) (value >> 24);
        }

        static long getLong(byte[] image, int at) {
            return getInt(image, at) & 0xffff_ffffL | (long) getInt(image, at + 4) << 32;
        }

        static void putLong(byte[] image, int at, long value) {
            putInt(image, at, (int) value);
            putInt(image, at + 4, (int) (value >>> 32));
        }
    }

    private static final class Fxsave extends Step {
        private final boolean wide;
        private final int registers;
        private final Address address;

        Fxsave(Instruction i, Address address) {
            wide = i.operandBytes == 8;
            registers = i.mode == Mode.BITS_64 ? 16 : 8;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkState(cpu);
            long at = aligned(cpu, address, true);
            probe(cpu, at + FXSAVE_BYTES - 1, at, FXSAVE_BYTES);
            byte[] image = cpu.stateImage;
            X87Environment.fxsave(cpu.fpu, image, wide);
            Image.putInt(image, MXCSR_OFFSET, cpu.mxcsr.value());
            Image.putInt(image, MXCSR_OFFSET + 4, Mxcsr.WRITABLE);
            for (int i = 0; i < 2 * registers; i++) {
                Image.putLong(image, XMM_OFFSET + 8 * i, cpu.xmm[i]);
            }
            store(cpu, at, 0, registers == 16 ? FXSAVE_WRITTEN_64 : FXSAVE_WRITTEN_32);
        }
    }

    private static final class Fxrstor extends Step {
        private final boolean wide;
        private final int registers;
        private final Address address;

        Fxrstor(Instruction i, Address address) {
            wide = i.operandBytes == 8;
            registers = i.mode == Mode.BITS_64 ? 16 : 8;
            this.address = address;
        }

        @Override
        void run(Cpu cpu) {
            MediaUnit.checkState(cpu);
            long at = aligned(cpu, address, false);
            load(cpu, at + FXSAVE_BYTES - 1, at, FXSAVE_BYTES);
            byte[] image = cpu.stateImage;
            int mxcsr = Image.getInt(image, MXCSR_OFFSET);
            if ((mxcsr & ~Mxcsr.WRITABLE) != 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            X87Environment.fxrstor(cpu.fpu, image, wide);
            cpu.mxcsr.load(mxcsr);
            for (int i = 0; i < 2 * registers; i++) {
                cpu.xmm[i] = Image.getLong(image, XMM_OFFSET + 8 * i);
            }
        }
    }

    private static final class LoadMxcsr extends Step {
        private final Address address;

        LoadMxcsr(Address address) { this.address = address; }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            int value = cpu.mmu.load32(address.linear(cpu, 4, false));
            if ((value & ~Mxcsr.WRITABLE) != 0) {
                throw cpu.fault(Vector.GP, 0);
            }
            cpu.mxcsr.load(value);
        }
    }

    private static final class StoreMxcsr extends Step {
        private final Address address;

        StoreMxcsr(Address address) { this.address = address; }

        @Override
        void run(Cpu cpu) {
            cpu.checkSse();
            cpu.mmu.store32(address.linear(cpu, 4, true), cpu.mxcsr.value());
        }
    }
}
