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

    public long result;
    public long aux;

    /** After an addition: a, b and the sign-extended sum. */
    public long afterAdd(int shift, long a, long b, long sum) {
        long carries = a & b | (a | b) & ~sum;
        result = sum;
        aux = carries << shift & CARRIES | carries & ADJUST;
        return sum;
    }

    /** After a subtraction b from a: the same with borrows. */
    public long afterSubtract(int shift, long a, long b, long difference) {
        long borrows = ~a & b | ~(a ^ b) & difference;
        result = difference;
        aux = borrows << shift & CARRIES | borrows & ADJUST;
        return difference;
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
        aux = carry << 63 | ((carry ^ overflow) & 1) << 62;
        return value;
    }

    /** Changes CF and OF only; both 0 or 1. */
    public void carryAndOverflow(long carry, long overflow) {
        aux = aux & ~CARRIES | carry << 63 | ((carry ^ overflow) & 1) << 62;
    }

    /** Changes CF only. */
    public void carry(boolean set) { carryAndOverflow(set ? 1 : 0, overflow() ? 1 : 0); }

    /** As after an addition or subtraction, with the CF of before (INC, DEC). */
    public void keepCarry(boolean carry) {
        long overflow = (aux >>> 63 ^ aux >>> 62) & 1;
        carryAndOverflow(carry ? 1 : 0, overflow);
    }

    public boolean carry() { return aux < 0; }

    public long carryBit() { return aux >>> 63; }

    public boolean zero() { return result == 0; }

    public boolean sign() { return ((result >>> 63 ^ aux) & 1) != 0; }

    public boolean overflow() { return ((aux >>> 63 ^ aux >>> 62) & 1) != 0; }

    public boolean parity() { return (Integer.bitCount((int) (result ^ aux >>> 8) & 0xff) & 1) == 0; }

    public boolean adjust() { return (aux & ADJUST) != 0; }

    /** Whether a condition holds: the low four bits of Jcc, SETcc and CMOVcc (SDM volume 1, appendix B). */
    public boolean condition(int code) {
        boolean holds = switch (code >> 1) {
            case 0 -> overflow();
            case 1 -> carry();
            case 2 -> zero();
            case 3 -> carry() || zero();
            case 4 -> sign();
            case 5 -> parity();
            case 6 -> sign() != overflow();
            default -> zero() || sign() != overflow();
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
        boolean zero = (flags & ZF) != 0;
        result = zero ? 0 : 1;
        long parityByte = ((flags & PF) != 0) == zero ? 0 : 1;
        long carry = (flags & CF) != 0 ? 1 : 0;
        long overflow = (flags & OF) != 0 ? 1 : 0;
        aux = carry << 63 | (carry ^ overflow) << 62 | ((flags & AF) != 0 ? ADJUST : 0) | ((flags & SF) != 0 ? 1 : 0)
                | parityByte << 8;
    }

    /** Takes those flags of {@code mask} from {@code flags}; keeps the rest. */
    public void set(int flags, int mask) { set(get() & ~mask | flags & mask); }
}
