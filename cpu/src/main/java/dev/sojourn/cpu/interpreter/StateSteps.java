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

    /** Loads that many bytes of memory into the processor's state image. */
    static void load(Cpu cpu, long at, int bytes) {
        byte[] image = cpu.stateImage;
        int unit = unit(bytes);
        for (int done = 0; done < bytes; done += unit) {
            long value = cpu.mmu.load(cpu.wrap(at + done), unit);
            for (int i = 0; i < unit; i++) {
                image[done + i] = (byte) (value >>> 8 * i);
            }
        }
    }

    /** What an image consists of, and is aligned to: doublewords, or words where the x87 unit stores those. */
    private static int unit(int bytes) { return (bytes & 3) == 0 ? 4 : 2; }

    /** Stores that part of the state image; the caller has probed. */
    static void store(Cpu cpu, long at, int from, int to) {
        byte[] image = cpu.stateImage;
        int unit = unit(to);
        for (int done = from; done < to; done += unit) {
            long value = 0;
            for (int i = 0; i < unit; i++) {
                value |= (image[done + i] & 0xffL) << 8 * i;
            }
            cpu.mmu.store(cpu.wrap(at + done), unit, value);
        }
    }

    /** Where the image lies, with the faults of the access to it: that of its last byte comes first. */
    private static long aligned(Cpu cpu, Address address, boolean store) {
        long at = address.linear(cpu, FXSAVE_BYTES, store);
        cpu.mmu.align(at, 8);
        if ((at & FXSAVE_ALIGNMENT) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        long last = address.linear(cpu, FXSAVE_BYTES - 1, 1, store);
        if (store) {
            cpu.mmu.probeStore(last, 1);
            cpu.mmu.probeStore(at, 1);
        } else {
            cpu.mmu.load8(last);
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
            load(cpu, aligned(cpu, address, false), FXSAVE_BYTES);
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
