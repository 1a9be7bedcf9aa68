package dev.sojourn.cpu.operation.x87;

/**
 * The memory forms of the opcodes D8 to DF, without the memory: operands arrive as numbers, and stores return numbers.
 *
 * <p>A store changes flags and stack when it is called, so the caller must know beforehand that the destination can be
 * written. It then writes the value, unless {@link X87#storeAbandoned()}.
 *
 * <p>Not here: FLDENV, FNSTENV, FRSTOR and FNSAVE, which are {@link X87Environment}.
 */
public final class X87Memory {
    private X87Memory() {}

    /** The size of the operand of a memory form; 0 for those of {@link X87Environment} and for what does not exist. */
    public static int bytes(int opcode, int modrm) {
        int group = modrm >> 3 & 7;
        return switch (opcode & 7) {
            case 0, 2 -> 4;
            case 1 -> group == 5 || group == 7 ? 2 : group == 0 || group == 2 || group == 3 ? 4 : 0;
            case 3 -> group < 4 ? 4 : group == 5 || group == 7 ? 10 : 0;
            case 4 -> 8;
            case 5 -> group < 4 ? 8 : group == 7 ? 2 : 0;
            case 6 -> 2;
            default -> group < 4 ? 2 : group == 5 || group == 7 ? 8 : 10;
        };
    }

    /** Whether a memory form writes its operand. */
    public static boolean stores(int opcode, int modrm) {
        int group = modrm >> 3 & 7;
        return (opcode & 1) != 0 && (group == 1 || group == 2 || group == 3 || group == 6 || group == 7);
    }

    /** Whether a memory form raises a pending #MF first: all but FNSTENV, FNSTCW, FNSAVE and FNSTSW. */
    public static boolean waits(int opcode, int modrm) {
        int group = modrm >> 3 & 7;
        return !((opcode & 7) == 1 && group >= 6 || (opcode & 7) == 5 && group >= 6);
    }

    /**
     * Executes a form that reads memory.
     *
     * @param low the operand, or its lower 8 bytes
     * @param high the upper 2 bytes of an operand of 10
     */
    public static void load(X87 fpu, int opcode, int modrm, long low, int high) {
        int group = modrm >> 3 & 7;
        switch (opcode & 7) {
            case 0 -> calculateFloat32(fpu, group, (int) low);
            case 1 -> {
                if (group == 5) {
                    fpu.control((int) low);
                } else {
                    loadFloat32(fpu, (int) low);
                }
            }
            case 2 -> calculateInteger(fpu, group, (int) low);
            case 3 -> {
                if (group == 5) {
                    loadFloat80(fpu, low, high);
                } else {
                    loadInteger(fpu, (int) low);
                }
            }
            case 4 -> calculateFloat64(fpu, group, low);
            case 5 -> loadFloat64(fpu, low);
            case 6 -> calculateInteger(fpu, group, (short) low);
            default -> {
                switch (group) {
                    case 0 -> loadInteger(fpu, (short) low);
                    case 4 -> loadDecimal(fpu, low, high);
                    default -> loadInteger(fpu, low);
                }
            }
        }
    }

    /**
     * Executes a form that writes memory.
     *
     * @return the operand, or the lower 8 of its 10 bytes, whose upper 2 are {@link X87#storedHigh()}
     */
    public static long store(X87 fpu, int opcode, int modrm) {
        int group = modrm >> 3 & 7;
        boolean pops = group != 2;
        fpu.storeAbandoned = false;
        return switch (opcode & 7) {
            case 1 -> group == 7 ? fpu.control() : storeFloat32(fpu, pops);
            case 3 -> group == 7 ? storeFloat80(fpu) : storeInteger(fpu, 32, group == 1, pops);
            case 5 -> switch (group) {
                case 1 -> storeInteger(fpu, 64, true, true);
                case 7 -> fpu.status();
                default -> storeFloat64(fpu, pops);
            };
            default -> switch (group) {
                case 6 -> storeDecimal(fpu);
                case 7 -> storeInteger(fpu, 64, false, true);
                default -> storeInteger(fpu, 16, group == 1, pops);
            };
        };
    }

    /** FLD m32fp. */
    public static void loadFloat32(X87 fpu, int bits) {
        if (roomForPush(fpu)) {
            load(fpu, Float80Conversion.significandOfFloat32(bits), Float80Conversion.exponentOfFloat32(bits),
                    Float80Conversion.denormalFloat32(bits));
        }
    }

    /** FLD m64fp. */
    public static void loadFloat64(X87 fpu, long bits) {
        if (roomForPush(fpu)) {
            load(fpu, Float80Conversion.significandOfFloat64(bits), Float80Conversion.exponentOfFloat64(bits),
                    Float80Conversion.denormalFloat64(bits));
        }
    }

    /** FLD m80fp, which takes every bit pattern as it is. */
    public static void loadFloat80(X87 fpu, long significand, int exponent) {
        if (roomForPush(fpu)) {
            fpu.push(significand, exponent & 0xffff);
        }
    }

    /** FILD. */
    public static void loadInteger(X87 fpu, long value) {
        if (roomForPush(fpu)) {
            fpu.push(Float80Conversion.significandOfInteger(value), Float80Conversion.exponentOfInteger(value));
        }
    }

    /** FBLD. */
    public static void loadDecimal(X87 fpu, long low, int high) {
        if (roomForPush(fpu)) {
            long value = Float80Conversion.fromDecimal(low, high);
            fpu.push(Float80Conversion.significandOfInteger(value),
                    high & Float80.SIGN | Float80Conversion.exponentOfInteger(value));
        }
    }

    /** FADD to FDIVR with an m32fp. @param group the operation in the order of the ModRM field */
    public static void calculateFloat32(X87 fpu, int group, int bits) {
        calculate(fpu, group, Float80Conversion.significandOfFloat32(bits), Float80Conversion.exponentOfFloat32(bits),
                Float80Conversion.denormalFloat32(bits));
    }

    /** FADD to FDIVR with an m64fp. */
    public static void calculateFloat64(X87 fpu, int group, long bits) {
        calculate(fpu, group, Float80Conversion.significandOfFloat64(bits), Float80Conversion.exponentOfFloat64(bits),
                Float80Conversion.denormalFloat64(bits));
    }

    /** FIADD to FIDIVR with an m16int or m32int. */
    public static void calculateInteger(X87 fpu, int group, int value) {
        calculate(fpu, group, Float80Conversion.significandOfInteger(value), Float80Conversion.exponentOfInteger(value),
                false);
    }

    /** FST and FSTP m32fp. */
    public static int storeFloat32(X87 fpu, boolean pops) {
        int from = fpu.top;
        int value = fpu.emptyRegister(from) ? (int) empty(fpu, 0xffc0_0000)
                : Float80Conversion.toFloat32(fpu, fpu.significands[from], fpu.exponents[from]);
        popStored(fpu, pops);
        return value;
    }

    /** FST and FSTP m64fp. */
    public static long storeFloat64(X87 fpu, boolean pops) {
        int from = fpu.top;
        long value = fpu.emptyRegister(from) ? empty(fpu, 0xfff8_0000_0000_0000L)
                : Float80Conversion.toFloat64(fpu, fpu.significands[from], fpu.exponents[from]);
        popStored(fpu, pops);
        return value;
    }

    /** FSTP m80fp. @return the significand; sign and exponent are {@link X87#storedHigh()} */
    public static long storeFloat80(X87 fpu) {
        int from = fpu.top;
        long value;
        if (fpu.emptyRegister(from)) {
            fpu.storedHigh = Float80.INDEFINITE_EXPONENT;
            value = empty(fpu, Float80.INDEFINITE_SIGNIFICAND);
        } else {
            fpu.flags &= ~X87.C1;
            fpu.storeAbandoned = false;
            fpu.storedHigh = fpu.exponents[from];
            value = fpu.significands[from];
        }
        popStored(fpu, true);
        return value;
    }

    /** FIST, FISTP and FISTTP. @param chops whether the rounding control is not asked @param bits 16, 32 or 64 */
    public static long storeInteger(X87 fpu, int bits, boolean chops, boolean pops) {
        int from = fpu.top;
        long value = fpu.emptyRegister(from) ? empty(fpu, -1L << bits - 1)
                : Float80Conversion.toInteger(fpu, fpu.significands[from], fpu.exponents[from], bits,
                        chops ? Float80Rounding.CHOP : Float80Rounding.mode(fpu.control));
        popStored(fpu, pops);
        return value;
    }

    /** FBSTP. @return the lower 8 bytes; the upper 2 are {@link X87#storedHigh()} */
    public static long storeDecimal(X87 fpu) {
        int from = fpu.top;
        long value;
        if (fpu.emptyRegister(from)) {
            fpu.storedHigh = 0xffff;
            value = empty(fpu, 0xc000_0000_0000_0000L);
        } else {
            value = Float80Conversion.toDecimal(fpu, fpu.significands[from], fpu.exponents[from]);
        }
        popStored(fpu, true);
        return value;
    }

    private static boolean roomForPush(X87 fpu) {
        if (fpu.emptyRegister(fpu.top - 1 & 7)) {
            fpu.flags &= ~X87.C1;
            return true;
        }
        if (fpu.overflowGoesOn()) {
            fpu.pushIndefinite();
        }
        return false;
    }

    private static void load(X87 fpu, long significand, int exponent, boolean denormal) {
        long loaded = significand;
        if (Float80.signaling(significand, exponent)) {
            if (fpu.raise(X87.INVALID)) {
                return;
            }
            loaded |= Float80.QUIET_BIT;
        }
        // Unmasked or not, a denormal is loaded: it is normal in the new format.
        fpu.flags |= denormal ? X87.DENORMAL : 0;
        fpu.push(loaded, exponent);
    }

    private static void calculate(X87 fpu, int group, long b, int bExponent, boolean denormal) {
        int to = fpu.top;
        boolean compares = group == 2 || group == 3;
        if (fpu.emptyRegister(to)) {
            if (!compares) {
                X87Instructions.underflow(fpu, to);
            } else if (X87Instructions.unordered(fpu) && group == 3) {
                fpu.pop();
            }
            return;
        }
        long a = fpu.significands[to];
        int aExponent = fpu.exponents[to];
        boolean stopped = denormal && denormalStops(fpu, group, a, aExponent);
        if (compares) {
            if (Float80Compare.compare(fpu, a, aExponent, b, bExponent, false) && !stopped && group == 3) {
                fpu.pop();
            }
        } else if (!stopped) {
            X87Instructions.calculate(fpu, group, to, a, aExponent, b, bExponent);
        }
    }

    /** A denormal in memory is normal in the 80-bit format, but it is reported where a denormal register would be. */
    private static boolean denormalStops(X87 fpu, int group, long a, int aExponent) {
        if (Float80.notNumber(a, aExponent) || group == 7 && a == 0) {
            return false;
        }
        fpu.flags &= ~X87.C1;
        return fpu.raise(X87.DENORMAL);
    }

    /** A store from an empty register. */
    private static long empty(X87 fpu, long indefinite) {
        fpu.storeAbandoned = !fpu.underflowGoesOn();
        return indefinite;
    }

    private static void popStored(X87 fpu, boolean pops) {
        if (pops && !fpu.storeAbandoned) {
            fpu.pop();
        }
    }
}
