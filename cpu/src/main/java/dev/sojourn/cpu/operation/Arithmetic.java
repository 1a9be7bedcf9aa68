package dev.sojourn.cpu.operation;

/**
 * Binary integer arithmetic (SDM volume 1, 7.3.2). Operands may carry anything above their width; results are sign-extended.
 */
public final class Arithmetic {
    private Arithmetic() {}

    public static long add(Flags flags, int shift, long a, long b) {
        return flags.afterAdd(shift, a, b, a + b << shift >> shift);
    }

    public static long adc(Flags flags, int shift, long a, long b) {
        return flags.afterAdd(shift, a, b, a + b + flags.carryBit() << shift >> shift);
    }

    public static long sub(Flags flags, int shift, long a, long b) {
        return flags.afterSubtract(shift, a, b, a - b << shift >> shift);
    }

    public static long sbb(Flags flags, int shift, long a, long b) {
        return flags.afterSubtract(shift, a, b, a - b - flags.carryBit() << shift >> shift);
    }

    public static long inc(Flags flags, int shift, long a) {
        long carry = flags.carryBit();
        long result = a + 1 << shift >> shift;
        flags.take(Flags.INCREMENT | shift, a, carry, result, 0);
        return result;
    }

    public static long dec(Flags flags, int shift, long a) {
        long carry = flags.carryBit();
        long result = a - 1 << shift >> shift;
        flags.take(Flags.DECREMENT | shift, a, carry, result, 0);
        return result;
    }

    public static long neg(Flags flags, int shift, long a) { return sub(flags, shift, 0, a); }

    public static long and(Flags flags, int shift, long a, long b) { return flags.afterLogic((a & b) << shift >> shift); }

    public static long or(Flags flags, int shift, long a, long b) { return flags.afterLogic((a | b) << shift >> shift); }

    public static long xor(Flags flags, int shift, long a, long b) { return flags.afterLogic((a ^ b) << shift >> shift); }

    /** The low half of a signed product; CF and OF tell that it is not the whole. */
    public static long imul(Flags flags, int shift, long a, long b) {
        flags.result = imulLow(shift, a, b);
        flags.aux = imulAux(shift, a, b);
        return flags.result;
    }

    public static long imulLow(int shift, long a, long b) { return a * b << shift >> shift; }

    /** What IMUL leaves in {@link Flags#aux}. */
    public static long imulAux(int shift, long a, long b) {
        long x = a << shift >> shift;
        long y = b << shift >> shift;
        long product = x * y;
        boolean fits = shift == 0 ? Math.multiplyHigh(x, y) == product >> 63 : product << shift >> shift == product;
        return fits ? 0 : Flags.withCarryAndOverflow(0, 1, 1);
    }

    /** The high half of a signed product, as wide as the operands. */
    public static long imulHigh(int shift, long a, long b) {
        long x = a << shift >> shift;
        long y = b << shift >> shift;
        return shift == 0 ? Math.multiplyHigh(x, y) : x * y >> 64 - shift;
    }

    /** The low half of an unsigned product; CF and OF tell that the high half is not zero. */
    public static long mul(Flags flags, int shift, long a, long b) {
        flags.result = imulLow(shift, a, b);
        flags.aux = mulAux(shift, a, b);
        return flags.result;
    }

    /** What MUL leaves in {@link Flags#aux}. */
    public static long mulAux(int shift, long a, long b) {
        return mulHigh(shift, a, b) == 0 ? 0 : Flags.withCarryAndOverflow(0, 1, 1);
    }

    public static long mulHigh(int shift, long a, long b) {
        long x = a << shift >>> shift;
        long y = b << shift >>> shift;
        return shift == 0 ? Math.unsignedMultiplyHigh(x, y) : x * y >>> 64 - shift;
    }
}
