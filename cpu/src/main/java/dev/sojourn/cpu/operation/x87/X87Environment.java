package dev.sojourn.cpu.operation.x87;

/**
 * The memory images of the unit: FLDENV and FNSTENV, FRSTOR and FNSAVE, and its part of FXSAVE (SDM volume 1,
 * figures 8-9 to 8-12 and section 10.5).
 *
 * <p>An image is a byte array, little-endian, that the caller moves from or to memory. The 32-bit layouts have 28 bytes
 * and, with the registers, 108; the 16-bit layouts 14 and 94. The real-mode layouts have the same sizes but keep the
 * pointers as linear addresses and the opcode beside them.
 *
 * <p>As on a processor without FCS and FDS, the selectors are stored as zero and ignored when loaded.
 */
public final class X87Environment {
    public static final int BYTES_16 = 14;
    public static final int BYTES_32 = 28;

    /** The eight registers that follow an environment. */
    public static final int REGISTER_BYTES = 80;

    /** What {@link #fxsave} writes and {@link #fxrstor} reads: the header and eight padded registers. */
    public static final int FXSAVE_BYTES = 160;

    private static final int OPCODE_MASK = 0x7ff;

    private X87Environment() {}

    public static int bytes(boolean wide) { return wide ? BYTES_32 : BYTES_16; }

    /**
     * FNSTENV: writes the environment, then masks all exceptions.
     *
     * @param wide whether the operand size is 32 bits
     * @param real whether the layout is that of real and virtual-8086 mode
     */
    public static void storeEnvironment(X87 fpu, byte[] image, boolean wide, boolean real) {
        int ip = (int) fpu.instructionPointer();
        int dp = (int) fpu.dataPointer();
        int opcode = fpu.lastOpcode();
        int word = wide ? 4 : 2;
        put(image, 0, word, 0xffff_0000 | fpu.control());
        put(image, word, word, 0xffff_0000 | fpu.status());
        put(image, 2 * word, word, 0xffff_0000 | fpu.tags());
        if (!wide) {
            put(image, 6, 2, ip);
            put(image, 8, 2, real ? ip >> 4 & 0xf000 | opcode : 0);
            put(image, 10, 2, dp);
            put(image, 12, 2, real ? dp >> 4 & 0xf000 : 0);
        } else if (real) {
            put(image, 12, 4, 0xffff_0000 | ip);
            put(image, 16, 4, ip >>> 4 & 0x0fff_f000 | opcode);
            put(image, 20, 4, 0xffff_0000 | dp);
            put(image, 24, 4, dp >>> 4 & 0x0fff_f000);
        } else {
            put(image, 12, 4, ip);
            put(image, 16, 4, opcode << 16);
            put(image, 20, 4, dp);
            put(image, 24, 4, 0xffff_0000);
        }
        fpu.control(fpu.control() | X87.EXCEPTIONS);
    }

    /** FLDENV: loads control, status, tags and pointers. */
    public static void loadEnvironment(X87 fpu, byte[] image, boolean wide, boolean real) {
        int word = wide ? 4 : 2;
        fpu.control(get(image, 0, 2));
        fpu.status(get(image, word, 2));
        fpu.tags(get(image, 2 * word, 2));
        if (!wide) {
            fpu.instructionPointer(get(image, 6, 2) | (real ? (get(image, 8, 2) & 0xf000) << 4 : 0));
            fpu.dataPointer(get(image, 10, 2) | (real ? (get(image, 12, 2) & 0xf000) << 4 : 0));
            fpu.lastOpcode(real ? get(image, 8, 2) & OPCODE_MASK : 0);
        } else if (real) {
            fpu.instructionPointer(get(image, 12, 2) | (get(image, 16, 4) & 0x0fff_f000) << 4 & 0xffff_ffffL);
            fpu.dataPointer(get(image, 20, 2) | (get(image, 24, 4) & 0x0fff_f000) << 4 & 0xffff_ffffL);
            fpu.lastOpcode(get(image, 16, 2) & OPCODE_MASK);
        } else {
            fpu.instructionPointer(get(image, 12, 4) & 0xffff_ffffL);
            fpu.dataPointer(get(image, 20, 4) & 0xffff_ffffL);
            fpu.lastOpcode(get(image, 18, 2) & OPCODE_MASK);
        }
    }

    /** FNSAVE: writes the environment and the registers from ST(0) up, then does FNINIT. */
    public static void save(X87 fpu, byte[] image, boolean wide, boolean real) {
        storeEnvironment(fpu, image, wide, real);
        int base = bytes(wide);
        for (int i = 0; i < 8; i++) {
            putRegister(fpu, i, image, base + 10 * i);
        }
        fpu.initialize();
    }

    /** FRSTOR: loads what FNSAVE wrote. */
    public static void restore(X87 fpu, byte[] image, boolean wide, boolean real) {
        loadEnvironment(fpu, image, wide, real);
        int base = bytes(wide);
        for (int i = 0; i < 8; i++) {
            getRegister(fpu, i, image, base + 10 * i);
        }
    }

    /**
     * Writes bytes 0 to 159 of an FXSAVE area, except MXCSR and its mask in bytes 24 to 31, which are left alone.
     *
     * @param wide whether REX.W asks for 64-bit pointers
     */
    public static void fxsave(X87 fpu, byte[] area, boolean wide) {
        put(area, 0, 2, fpu.control());
        put(area, 2, 2, fpu.status());
        put(area, 4, 2, fpu.abridgedTags());
        put(area, 6, 2, fpu.lastOpcode());
        long ip = fpu.instructionPointer();
        long dp = fpu.dataPointer();
        put(area, 8, 4, (int) ip);
        put(area, 12, 4, wide ? (int) (ip >>> 32) : 0);
        put(area, 16, 4, (int) dp);
        put(area, 20, 4, wide ? (int) (dp >>> 32) : 0);
        for (int i = 0; i < 8; i++) {
            putRegister(fpu, i, area, 32 + 16 * i);
            put(area, 42 + 16 * i, 4, 0);
            put(area, 46 + 16 * i, 2, 0);
        }
    }

    /** Loads what {@link #fxsave} wrote. */
    public static void fxrstor(X87 fpu, byte[] area, boolean wide) {
        fpu.control(get(area, 0, 2));
        fpu.status(get(area, 2, 2));
        fpu.abridgedTags(get(area, 4, 1));
        fpu.lastOpcode(get(area, 6, 2));
        long ip = get(area, 8, 4) & 0xffff_ffffL;
        long dp = get(area, 16, 4) & 0xffff_ffffL;
        fpu.instructionPointer(wide ? ip | (long) get(area, 12, 4) << 32 : ip);
        fpu.dataPointer(wide ? dp | (long) get(area, 20, 4) << 32 : dp);
        for (int i = 0; i < 8; i++) {
            getRegister(fpu, i, area, 32 + 16 * i);
        }
    }

    private static void putRegister(X87 fpu, int i, byte[] image, int offset) {
        long significand = fpu.significand(i);
        put(image, offset, 4, (int) significand);
        put(image, offset + 4, 4, (int) (significand >>> 32));
        put(image, offset + 8, 2, fpu.exponent(i));
    }

    private static void getRegister(X87 fpu, int i, byte[] image, int offset) {
        long low = get(image, offset, 4) & 0xffff_ffffL;
        fpu.restore(i, low | (long) get(image, offset + 4, 4) << 32, get(image, offset + 8, 2));
    }

    private static void put(byte[] image, int offset, int bytes, int value) {
        for (int i = 0; i < bytes; i++) {
            image[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    private static int get(byte[] image, int offset, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (image[offset + i] & 0xff) << 8 * i;
        }
        return value;
    }
}
