package dev.sojourn.cpu.operation.x87;

/**
 * The register forms of the opcodes D8 to DF (SDM volume 2, appendixes A.5 and B.17).
 *
 * <p>Operands come from ST(i); an empty one is a stack underflow. Forms that involve the processor's flags or AX are
 * {@link #compareToFlags}, {@link #moveIf} and {@link X87#status()}. The memory forms are in {@link X87Memory}.
 */
public final class X87Instructions {
    /** EFLAGS bits of a comparison. */
    public static final int CARRY = 0x01;
    public static final int PARITY = 0x04;
    public static final int ZERO = 0x40;

    private X87Instructions() {}

    /**
     * Whether a register form is an instruction at all; the others are #UD.
     *
     * @param modrm a ModRM byte of C0 or more
     */
    public static boolean exists(int opcode, int modrm) {
        int group = modrm >> 3 & 7;
        int low = modrm & 7;
        return switch (opcode & 7) {
            case 1 -> switch (group) {
                case 2 -> low == 0;
                case 4 -> low == 0 || low == 1 || low == 4 || low == 5;
                case 5 -> low != 7;
                default -> true;
            };
            case 2 -> group < 4 || modrm == 0xe9;
            case 3 -> group < 4 || group == 4 && low < 5 || group == 5 || group == 6;
            case 5 -> group < 6;
            case 6 -> group != 3 || low == 1;
            case 7 -> group < 4 || modrm == 0xe0 || group == 5 || group == 6;
            default -> true;
        };
    }

    /** Whether a register form raises a pending #MF first: all but FNINIT, FNCLEX, FNSTSW and the old no-operations. */
    public static boolean waits(int opcode, int modrm) {
        return !((opcode & 7) == 3 && (modrm & 0xf8) == 0xe0 || (opcode & 7) == 7 && modrm == 0xe0);
    }

    /** Executes a register form that {@link #exists}, other than FCOMI and its kin, FCMOVcc and FNSTSW AX. */
    public static void register(X87 fpu, int opcode, int modrm) {
        int i = modrm & 7;
        int group = modrm >> 3 & 7;
        switch (opcode & 7) {
            case 0 -> arithmeticOrCompare(fpu, group, i);
            case 1 -> groupD9(fpu, group, modrm);
            case 2 -> compareAndPopBoth(fpu, true);
            case 3 -> control(fpu, modrm);
            case 4 -> groupDC(fpu, group, i, false);
            case 5 -> groupDD(fpu, group, i);
            case 6 -> {
                if (group == 3) {
                    compareAndPopBoth(fpu, false);
                } else {
                    groupDC(fpu, group, i, true);
                }
            }
            default -> groupDF(fpu, group, i);
        }
    }

    /** FCOMI, FUCOMI, FCOMIP, FUCOMIP. @return ZERO, PARITY and CARRY, also after an unmasked exception */
    public static int compareToFlags(X87 fpu, int opcode, int modrm) {
        int i = modrm & 7;
        boolean quiet = (modrm & 0x08) != 0;
        boolean pops = (opcode & 7) == 7;
        boolean empty = fpu.emptyRegister(fpu.top) || fpu.emptyRegister(fpu.top + i & 7);
        int conditions = fpu.flags & (empty ? X87.CONDITIONS & ~X87.C1 : X87.CONDITIONS);
        boolean done = compare(fpu, i, quiet);
        int result = fpu.flags;
        fpu.flags = result & ~X87.CONDITIONS | conditions;
        if (done && pops) {
            fpu.pop();
        }
        return ((result & X87.C3) != 0 ? ZERO : 0) | ((result & X87.C2) != 0 ? PARITY : 0)
                | ((result & X87.C0) != 0 ? CARRY : 0);
    }

    /** FCMOVcc: ST(i) to ST(0) if the condition holds. */
    public static void moveIf(X87 fpu, boolean condition, int i) {
        int to = fpu.top;
        int from = to + i & 7;
        if (fpu.emptyRegister(to) || fpu.emptyRegister(from)) {
            underflow(fpu, to);
        } else if (condition) {
            fpu.put(to, fpu.significands[from], fpu.exponents[from]);
        }
    }

    /** FADD, FMUL, FCOM, FCOMP, FSUB, FSUBR, FDIV, FDIVR of ST(0) with ST(i), in the order of the ModRM field. */
    private static void arithmeticOrCompare(X87 fpu, int operation, int i) {
        if (operation == 2 || operation == 3) {
            if (compare(fpu, i, false) && operation == 3) {
                fpu.pop();
            }
            return;
        }
        int to = fpu.top;
        int from = to + i & 7;
        if (fpu.emptyRegister(to) || fpu.emptyRegister(from)) {
            underflow(fpu, to);
            return;
        }
        calculate(fpu, operation, to, fpu.significands[to], fpu.exponents[to],
                fpu.significands[from], fpu.exponents[from]);
    }

    /**
     * One of the six basic operations of a, which is ST(0), and b, whichever of them the destination is.
     *
     * @param operation 0, 1 or 4 to 7: add, multiply, subtract, subtract reversed, divide, divide reversed
     */
    static boolean calculate(X87 fpu, int operation, int to, long a, int aExponent, long b, int bExponent) {
        return switch (operation) {
            case 0 -> Float80Arithmetic.add(fpu, to, a, aExponent, b, bExponent);
            case 1 -> Float80Arithmetic.multiply(fpu, to, a, aExponent, b, bExponent);
            case 4 -> Float80Arithmetic.subtract(fpu, to, a, aExponent, b, bExponent);
            case 5 -> Float80Arithmetic.subtract(fpu, to, b, bExponent, a, aExponent);
            case 6 -> Float80Arithmetic.divide(fpu, to, a, aExponent, b, bExponent);
            default -> Float80Arithmetic.divide(fpu, to, b, bExponent, a, aExponent);
        };
    }

    /** The forms with destination ST(i), and, as aliases of the forms D8, FCOM and FCOMP. */
    private static void groupDC(X87 fpu, int group, int i, boolean pops) {
        if (group == 2 || group == 3) {
            if (compare(fpu, i, false) && (group == 3 || pops)) {
                fpu.pop();
            }
            return;
        }
        int source = fpu.top;
        int to = source + i & 7;
        boolean done;
        if (fpu.emptyRegister(to) || fpu.emptyRegister(source)) {
            done = underflow(fpu, to);
        } else {
            done = calculate(fpu, group, to, fpu.significands[source], fpu.exponents[source],
                    fpu.significands[to], fpu.exponents[to]);
        }
        if (done && pops) {
            fpu.pop();
        }
    }

    private static void groupD9(X87 fpu, int group, int modrm) {
        switch (group) {
            case 0 -> loadRegister(fpu, modrm & 7);
            case 1 -> exchange(fpu, modrm & 7);
            case 2 -> { }
            case 3 -> storeRegisterQuietly(fpu, modrm & 7);
            case 4 -> signOrTest(fpu, modrm);
            case 5 -> X87Constants.load(fpu, modrm & 7);
            case 6 -> X87Functions.lower(fpu, modrm & 7);
            default -> X87Functions.upper(fpu, modrm & 7);
        }
    }

    private static void signOrTest(X87 fpu, int modrm) {
        int to = fpu.top;
        if (modrm == 0xe5) {
            Float80Compare.examine(fpu, to);
            return;
        }
        if (modrm == 0xe4) {
            test(fpu, to);
            return;
        }
        if (fpu.emptyRegister(to)) {
            underflow(fpu, to);
            return;
        }
        fpu.flags &= ~X87.C1;
        fpu.exponents[to] = modrm == 0xe0 ? fpu.exponents[to] ^ Float80.SIGN : fpu.exponents[to] & ~Float80.SIGN;
    }

    private static void test(X87 fpu, int register) {
        if (fpu.emptyRegister(register)) {
            unordered(fpu);
        } else {
            Float80Compare.compare(fpu, fpu.significands[register], fpu.exponents[register], 0, 0, false);
        }
    }

    private static void control(X87 fpu, int modrm) {
        if (modrm == 0xe2) {
            fpu.clearExceptions();
        } else if (modrm == 0xe3) {
            fpu.initialize();
        }
    }

    private static void groupDD(X87 fpu, int group, int i) {
        switch (group) {
            case 0 -> free(fpu, i);
            case 1 -> exchange(fpu, i);
            case 2 -> storeRegister(fpu, i, false);
            case 3 -> storeRegister(fpu, i, true);
            default -> {
                if (compare(fpu, i, true) && group == 5) {
                    fpu.pop();
                }
            }
        }
    }

    private static void groupDF(X87 fpu, int group, int i) {
        switch (group) {
            case 0 -> {
                free(fpu, i);
                fpu.pop();
            }
            case 1 -> exchange(fpu, i);
            default -> storeRegister(fpu, i, true);
        }
    }

    private static void compareAndPopBoth(X87 fpu, boolean quiet) {
        if (compare(fpu, 1, quiet)) {
            fpu.pop();
            fpu.pop();
        }
    }

    private static boolean compare(X87 fpu, int i, boolean quiet) {
        int a = fpu.top;
        int b = a + i & 7;
        if (fpu.emptyRegister(a) || fpu.emptyRegister(b)) {
            return unordered(fpu);
        }
        return Float80Compare.compare(fpu, fpu.significands[a], fpu.exponents[a],
                fpu.significands[b], fpu.exponents[b], quiet);
    }

    /** A comparison with an empty register. */
    static boolean unordered(X87 fpu) {
        boolean done = fpu.underflowGoesOn();
        fpu.flags |= X87.C3 | X87.C2 | X87.C0;
        return done;
    }

    /** An operation with an empty operand: its destination becomes the indefinite NaN, if the exception is masked. */
    static boolean underflow(X87 fpu, int to) {
        if (!fpu.underflowGoesOn()) {
            return false;
        }
        indefinite(fpu, to);
        return true;
    }

    private static void indefinite(X87 fpu, int to) {
        fpu.put(to, Float80.INDEFINITE_SIGNIFICAND, Float80.INDEFINITE_EXPONENT);
        fpu.full |= 1 << to;
    }

    private static void loadRegister(X87 fpu, int i) {
        int from = fpu.top + i & 7;
        if (fpu.emptyRegister(from)) {
            if (fpu.underflowGoesOn()) {
                fpu.pushIndefinite();
            }
        } else if (!fpu.emptyRegister(fpu.top - 1 & 7)) {
            if (fpu.overflowGoesOn()) {
                fpu.pushIndefinite();
            }
        } else {
            fpu.flags &= ~X87.C1;
            fpu.push(fpu.significands[from], fpu.exponents[from]);
        }
    }

    private static void storeRegister(X87 fpu, int i, boolean pops) {
        int from = fpu.top;
        int to = from + i & 7;
        if (fpu.emptyRegister(from)) {
            if (!underflow(fpu, to)) {
                return;
            }
        } else {
            fpu.flags &= ~X87.C1;
            fpu.put(to, fpu.significands[from], fpu.exponents[from]);
            fpu.full |= 1 << to;
        }
        if (pops) {
            fpu.pop();
        }
    }

    /** FSTP by its alias D9 D8: an empty ST(0) is popped and nothing else happens. */
    private static void storeRegisterQuietly(X87 fpu, int i) {
        if (fpu.emptyRegister(fpu.top)) {
            fpu.flags &= ~X87.C1;
            fpu.pop();
        } else {
            storeRegister(fpu, i, true);
        }
    }

    private static void free(X87 fpu, int i) {
        fpu.flags &= ~X87.C1;
        fpu.full &= ~(1 << (fpu.top + i & 7));
    }

    private static void exchange(X87 fpu, int i) {
        int a = fpu.top;
        int b = a + i & 7;
        if (fpu.emptyRegister(a) || fpu.emptyRegister(b)) {
            if (!fpu.underflowGoesOn()) {
                return;
            }
            if (fpu.emptyRegister(a)) {
                indefinite(fpu, a);
            }
            if (fpu.emptyRegister(b)) {
                indefinite(fpu, b);
            }
        } else {
            fpu.flags &= ~X87.C1;
        }
        long significand = fpu.significands[a];
        int exponent = fpu.exponents[a];
        fpu.put(a, fpu.significands[b], fpu.exponents[b]);
        fpu.put(b, significand, exponent);
    }
}
