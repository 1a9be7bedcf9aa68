package dev.sojourn.cpu.operation;

/**
 * The six arithmetic flags, held so that an operation leaves them behind in two stores and a reader computes the one it wants.
 *
 * <p>{@code result} is the last result, sign-extended: ZF is {@code result == 0}, SF its sign, PF the parity of its low byte.
 * {@code aux} holds the carries: bit 63 is CF, bit 62 the carry into the sign bit (so that OF is their difference), bit 3 is AF.
 * Flags that do not follow from a result (POPF, SAHF) are expressed by deltas: bit 0 inverts SF, bits 8 to 15 are
 * exclusive-ored into PF's byte.
 *
 * <p>Operations take an operand's width as {@code shift}: 64 less its bits, so that {@code value << shift >> shift}
 * sign-extends.
 */
public final class Flags {
    public static final int CF = 1 << 0;
    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int OF = 1 << 11;
    public static final int ARITHMETIC = CF | PF | AF | ZF | SF | OF;

    private static final long CARRY = 1L << 63;
    private static final long CARRIES = 3L << 62;
    private static final long ADJUST = 1L << 3;

    /** Where flags not computed yet come from, with the width's shift in the low bits: what {@link #take} is told. */
    public static final int KNOWN = 0;

    public static final int SUM = 1 << 8;
    public static final int DIFFERENCE = 2 << 8;
    public static final int INCREMENT = 3 << 8;
    public static final int DECREMENT = 4 << 8;

    /** Added to an origin: CF and OF, or CF alone, come from something later. */
    public static final int ROTATED_LEFT = 1 << 12;

    public static final int ROTATED_RIGHT = 2 << 12;
    public static final int NEW_CARRY = 3 << 12;

    /** The width's shift of what was rotated, above this bit. */
    public static final int ROTATED_SHIFT = 16;

    private static final int SHIFT = 0xff;
    private static final int OPERATION = 0xf00;
    private static final int LATER = 3 << 12;

    public long result;
    public long aux;

    /** After an addition: a, b and the sign-extended sum. */
    public long afterAdd(int shift, long a, long b, long sum) {
        result = sum;
        aux = sumAux(shift, a, b, sum);
        return sum;
    }

    private static long sumAux(int shift, long a, long b, long sum) {
        long carries = a & b | (a | b) & ~sum;
        return carries << shift & CARRIES | carries & ADJUST;
    }

    /** After a subtraction b from a: the same with borrows. */
    public long afterSubtract(int shift, long a, long b, long difference) {
        result = difference;
        aux = differenceAux(shift, a, b, difference);
        return difference;
    }

    private static long differenceAux(int shift, long a, long b, long difference) {
        long borrows = ~a & b | ~(a ^ b) & difference;
        return borrows << shift & CARRIES | borrows & ADJUST;
    }

    /**
     * The carries of an operation from what it had.
     *
     * @param origin one of the constants, with the shift; {@link #KNOWN}: {@code a} is the answer
     * @param a the first operand
     * @param b the second operand; of INC and DEC the CF of before
     * @param later the rotated value, or the CF, that the origin adds
     */
    public static long aux(int origin, long a, long b, long result, long later) {
        long aux = aux(origin, a, b, result);
        return switch (origin & LATER) {
            case 0 -> aux;
            case ROTATED_LEFT -> Shift.rolAux(origin >>> ROTATED_SHIFT, later, aux);
            case ROTATED_RIGHT -> Shift.rorAux(origin >>> ROTATED_SHIFT, later, aux);
            default -> withCarry(aux, later);
        };
    }

    private static long aux(int origin, long a, long b, long result) {
        int shift = origin & SHIFT;
        return switch (origin & OPERATION) {
            case KNOWN -> a;
            case SUM -> sumAux(shift, a, b, result);
            case DIFFERENCE -> differenceAux(shift, a, b, result);
            case INCREMENT -> withCarry(sumAux(shift, a, 1, result), b);
            default -> withCarry(differenceAux(shift, a, 1, result), b);
        };
    }

    /** CF alone, as {@link #aux} has it: 0 or 1. */
    public static long carryBit(int origin, long a, long b, long result, long later) {
        return (origin & ~SHIFT) >= INCREMENT && (origin & LATER) == 0 ? b : aux(origin, a, b, result, later) >>> 63;
    }

    /** Takes flags that were left uncomputed. */
    public void take(int origin, long a, long b, long newResult, long later) {
        result = newResult;
        aux = aux(origin, a, b, newResult, later);
    }

    /** Carries with another CF (0 or 1) and the same OF. */
    public static long withCarry(long aux, long carry) {
        long overflow = aux >>> 63 ^ aux >>> 62;
        return withCarryAndOverflow(aux, carry, overflow & 1);
    }

    /** Carries with another CF and OF, both 0 or 1. */
    public static long withCarryAndOverflow(long aux, long carry, long overflow) {
        return aux & ~CARRIES | carry << 63 | ((carry ^ overflow) & 1) << 62;
    }

    /** After AND, OR, XOR: no carries. */
    public long afterLogic(long value) {
        result = value;
        aux = 0;
        return value;
    }

    /** After a shift: a result, CF and OF; AF is clear. */
    public long afterShift(long value, long carry, long overflow) {
        result = value;
        aux = withCarryAndOverflow(0, carry, overflow);
        return value;
    }

    /** Changes CF and OF only; both 0 or 1. */
    public void carryAndOverflow(long carry, long overflow) {
        aux = withCarryAndOverflow(aux, carry, overflow);
    }

    /** Changes CF only. */
    public void carry(boolean set) { aux = withCarry(aux, set ? 1 : 0); }

    public boolean carry() { return aux < 0; }

    public long carryBit() { return aux >>> 63; }

    public boolean zero() { return result == 0; }

    public boolean sign() { return sign(result, aux); }

    private static boolean sign(long result, long aux) { return ((result >>> 63 ^ aux) & 1) != 0; }

    public boolean overflow() { return overflow(aux); }

    private static boolean overflow(long aux) { return (aux ^ aux << 1) < 0; }

    public boolean parity() { return parity(result, aux); }

    private static boolean parity(long result, long aux) {
        return (Integer.bitCount((int) (result ^ aux >>> 8) & 0xff) & 1) == 0;
    }

    public boolean adjust() { return (aux & ADJUST) != 0; }

    /** Whether a condition holds: the low four bits of Jcc, SETcc and CMOVcc (SDM volume 1, appendix B). */
    public boolean condition(int code) { return condition(code, result, aux); }

    /** The same of flags that are no object. */
    public static boolean condition(int code, long result, long aux) {
        boolean holds = switch (code >> 1) {
            case 0 -> overflow(aux);
            case 1 -> aux < 0;
            case 2 -> result == 0;
            case 3 -> aux < 0 || result == 0;
            case 4 -> sign(result, aux);
            case 5 -> parity(result, aux);
            case 6 -> sign(result, aux) != overflow(aux);
            default -> result == 0 || sign(result, aux) != overflow(aux);
        };
        return holds != ((code & 1) != 0);
    }

    /** The flags at their places in EFLAGS; other bits zero. */
    public int get() {
        return (carry() ? CF : 0) | (parity() ? PF : 0) | (adjust() ? AF : 0) | (zero() ? ZF : 0) | (sign() ? SF : 0)
                | (overflow() ? OF : 0);
    }

    /** Takes all six from their places in EFLAGS. */
    public void set(int flags) {
        result = resultOf(flags);
        aux = auxOf(flags);
    }

    /** What {@link #result} is for flags at their places in EFLAGS. */
    public static long resultOf(int flags) { return (flags & ZF) != 0 ? 0 : 1; }

    /** What {@link #aux} is for flags at their places in EFLAGS. */
    public static long auxOf(int flags) {
        boolean zero = (flags & ZF) != 0;
        long parityByte = ((flags & PF) != 0) == zero ? 0 : 1;
        long carry = (flags & CF) != 0 ? 1 : 0;
        long overflow = (flags & OF) != 0 ? 1 : 0;
        return carry << 63 | (carry ^ overflow) << 62 | ((flags & AF) != 0 ? ADJUST : 0) | ((flags & SF) != 0 ? 1 : 0)
                | parityByte << 8;
    }

    /** Takes those flags of {@code mask} from {@code flags}; keeps the rest. */
    public void set(int flags, int mask) { set(get() & ~mask | flags & mask); }
}
