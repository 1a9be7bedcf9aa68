package dev.sojourn.cpu.operation.x87;

/** The functions D9 F0 to D9 FF: remainders, roots, logarithms, angles and the stack pointer (SDM volume 1, 8.3). */
final class X87Functions {
    private X87Functions() {}

    /** D9 F0 to F7. */
    static void lower(X87 fpu, int i) {
        switch (i) {
            case 0 -> unary(fpu, i);
            case 1, 3 -> binaryAndPop(fpu, i);
            case 2 -> unaryAndPush(fpu, i);
            case 4 -> unaryAndPush(fpu, i);
            case 5 -> remainder(fpu, true);
            case 6 -> {
                fpu.top = fpu.top - 1 & 7;
                fpu.flags &= ~X87.C1;
            }
            default -> {
                fpu.top = fpu.top + 1 & 7;
                fpu.flags &= ~X87.C1;
            }
        }
    }

    /** D9 F8 to FF. */
    static void upper(X87 fpu, int i) {
        switch (i) {
            case 0 -> remainder(fpu, false);
            case 1 -> binaryAndPop(fpu, 9);
            case 3 -> unaryAndPush(fpu, 11);
            case 5 -> scale(fpu);
            default -> unary(fpu, i + 8);
        }
    }

    private static void unary(X87 fpu, int function) {
        int to = fpu.top;
        if (fpu.emptyRegister(to)) {
            X87Instructions.underflow(fpu, to);
            fpu.flags &= function >= 14 ? ~X87.C2 : -1;
            return;
        }
        long a = fpu.significands[to];
        int exponent = fpu.exponents[to];
        switch (function) {
            case 0 -> X87Exponential.powerOfTwoMinusOne(fpu, to, a, exponent);
            case 10 -> Float80Root.squareRoot(fpu, to, a, exponent);
            case 12 -> Float80Conversion.roundToInteger(fpu, to, a, exponent);
            case 14 -> X87Trigonometry.sine(fpu, to, a, exponent);
            default -> X87Trigonometry.cosine(fpu, to, a, exponent);
        }
    }

    /** FYL2X, FPATAN, FYL2XP1: the result replaces ST(1). */
    private static void binaryAndPop(X87 fpu, int function) {
        int from = fpu.top;
        int to = from + 1 & 7;
        boolean done;
        if (fpu.emptyRegister(from) || fpu.emptyRegister(to)) {
            done = X87Instructions.underflow(fpu, to);
        } else {
            long x = fpu.significands[from];
            int xExponent = fpu.exponents[from];
            long y = fpu.significands[to];
            int yExponent = fpu.exponents[to];
            done = switch (function) {
                case 1 -> X87Logarithm.logarithm(fpu, to, x, xExponent, y, yExponent);
                case 3 -> X87Arctangent.arctangent(fpu, to, x, xExponent, y, yExponent);
                default -> X87Logarithm.logarithmOfOnePlus(fpu, to, x, xExponent, y, yExponent);
            };
        }
        if (done) {
            fpu.pop();
        }
    }

    /** FPTAN, FXTRACT, FSINCOS: one result replaces ST(0), another is pushed. */
    private static void unaryAndPush(X87 fpu, int function) {
        int to = fpu.top;
        int second = to - 1 & 7;
        fpu.flags &= function == 4 ? -1 : ~X87.C2;
        if (fpu.emptyRegister(to)) {
            if (X87Instructions.underflow(fpu, to)) {
                fpu.pushIndefinite();
            }
            return;
        }
        if (!fpu.emptyRegister(second)) {
            if (fpu.overflowGoesOn()) {
                fpu.put(to, Float80.INDEFINITE_SIGNIFICAND, Float80.INDEFINITE_EXPONENT);
                fpu.pushIndefinite();
            }
            return;
        }
        long a = fpu.significands[to];
        int exponent = fpu.exponents[to];
        boolean pushes = switch (function) {
            case 2 -> X87Trigonometry.tangent(fpu, to, second, a, exponent);
            case 4 -> Float80Scaling.extract(fpu, to, second, a, exponent);
            default -> X87Trigonometry.sineAndCosine(fpu, to, second, a, exponent);
        };
        if (pushes) {
            fpu.push(fpu.significands[second], fpu.exponents[second]);
        }
    }

    private static void remainder(X87 fpu, boolean nearest) {
        int to = fpu.top;
        int divisor = to + 1 & 7;
        if (fpu.emptyRegister(to) || fpu.emptyRegister(divisor)) {
            X87Instructions.underflow(fpu, to);
            fpu.flags &= ~X87.C2;
            return;
        }
        Float80Remainder.remainder(fpu, to, fpu.significands[to], fpu.exponents[to],
                fpu.significands[divisor], fpu.exponents[divisor], nearest);
    }

    private static void scale(X87 fpu) {
        int to = fpu.top;
        int power = to + 1 & 7;
        if (fpu.emptyRegister(to) || fpu.emptyRegister(power)) {
            X87Instructions.underflow(fpu, to);
            return;
        }
        Float80Scaling.scale(fpu, to, fpu.significands[to], fpu.exponents[to],
                fpu.significands[power], fpu.exponents[power]);
    }
}
