package dev.sojourn.cpu.operation.x87;

/**
 * Rounding of an exact or nearly exact result into a register, with overflow, underflow and inexactness (SDM volume 1,
 * sections 4.8.4, 8.5.4 to 8.5.6).
 */
final class Float80Rounding {
    /** What is added to or taken from the exponent of a result whose underflow or overflow is unmasked. */
    static final int EXPONENT_ADJUST = 0x6000;

    /** The rounding control values. */
    static final int NEAREST = 0;
    static final int DOWN = 1;
    static final int UP = 2;
    static final int CHOP = 3;

    private Float80Rounding() {}

    static int mode(int control) { return control >> 10 & 3; }

    /**
     * Whether a magnitude grows when {@code rest} is rounded away.
     *
     * @param sign not zero for a negative number
     * @param odd whether the last kept bit is one
     * @param rest what lies below the last kept bit, as a fraction of it with the half at bit 63
     */
    static boolean away(int mode, int sign, boolean odd, long rest) {
        return switch (mode) {
            case NEAREST -> rest < 0 && (odd || rest != Long.MIN_VALUE);
            case DOWN -> sign != 0 && rest != 0;
            case UP -> sign == 0 && rest != 0;
            default -> false;
        };
    }

    /**
     * Rounds as the control word says, precision control included.
     *
     * @param sign 0 or {@link Float80#SIGN}
     * @param exponent the biased exponent, of any size
     * @param high the significand, its integer bit set
     * @param low what follows, with a sticky last bit
     */
    static boolean pack(X87 fpu, int to, int sign, int exponent, long high, long low) {
        if ((fpu.control & X87.PRECISION_AND_ROUNDING) == X87.EXTENDED_NEAREST
                && Integer.compareUnsigned(exponent - 1, 0x7ffd) < 0) {
            return nearest(fpu, to, sign, exponent, high, low);
        }
        return round(fpu, to, sign, exponent, high, low, droppedBits(fpu.control));
    }

    /** As {@link #pack}, but always to 64 bits: for all but the basic operations. */
    static boolean packExtended(X87 fpu, int to, int sign, int exponent, long high, long low) {
        return round(fpu, to, sign, exponent, high, low, 0);
    }

    /** The low bits of a significand that precision control leaves out (SDM volume 1, section 8.1.5.2). */
    static int droppedBits(int control) {
        return switch (control >> 8 & 3) {
            case 0 -> 40;
            case 2 -> 11;
            default -> 0;
        };
    }

    private static boolean nearest(X87 fpu, int to, int sign, int exponent, long high, long low) {
        int up = (int) (low >>> 63) & ((low << 1 != 0 ? 1 : 0) | (int) high & 1);
        long rounded = high + up;
        fpu.flags = fpu.flags & ~X87.C1 | up << 9 | (low != 0 ? X87.PRECISION : 0);
        fpu.significands[to] = rounded | Float80.INTEGER_BIT;
        fpu.exponents[to] = sign | exponent + (rounded == 0 ? 1 : 0);
        return true;
    }

    private static boolean round(X87 fpu, int to, int sign, int exponent, long high, long low, int dropped) {
        int mode = mode(fpu.control);
        long ulp = 1L << dropped;
        long rest = rest(high, low, dropped);
        long kept = high & -ulp;
        boolean away = away(mode, sign, (kept & ulp) != 0, rest);
        long rounded = away ? kept + ulp : kept;
        int roundedExponent = exponent;
        if (away && rounded == 0) {
            rounded = Float80.INTEGER_BIT;
            roundedExponent++;
        }
        fpu.flags &= ~X87.C1;
        if (roundedExponent <= 0) {
            if ((fpu.control & X87.UNDERFLOW) != 0) {
                return denormalize(fpu, to, sign, exponent, high, low, dropped);
            }
            fpu.flags |= X87.UNDERFLOW;
            roundedExponent += EXPONENT_ADJUST;
        } else if (roundedExponent >= Float80.EXPONENT_MASK) {
            if ((fpu.control & X87.OVERFLOW) != 0) {
                return overflow(fpu, to, sign, mode, -ulp);
            }
            fpu.flags |= X87.OVERFLOW;
            roundedExponent -= EXPONENT_ADJUST;
        }
        fpu.flags |= (rest != 0 ? X87.PRECISION : 0) | (away ? X87.C1 : 0);
        fpu.put(to, rounded, sign | roundedExponent);
        return true;
    }

    /** A masked underflow: the number is shifted to the least exponent and rounded there, once. */
    private static boolean denormalize(X87 fpu, int to, int sign, int exponent, long high, long low, int dropped) {
        int shift = 1 - exponent;
        long shiftedHigh = shift < 64 ? high >>> shift : 0;
        long shiftedLow = X87Wide.shiftRightSticky(high, low, shift);
        long ulp = 1L << dropped;
        long rest = rest(shiftedHigh, shiftedLow, dropped);
        long kept = shiftedHigh & -ulp;
        boolean away = away(mode(fpu.control), sign, (kept & ulp) != 0, rest);
        long rounded = away ? kept + ulp : kept;
        fpu.flags |= (rest != 0 ? X87.UNDERFLOW | X87.PRECISION : 0) | (away ? X87.C1 : 0);
        fpu.put(to, rounded, sign | (int) (rounded >>> 63));
        return true;
    }

    private static boolean overflow(X87 fpu, int to, int sign, int mode, long greatest) {
        boolean away = mode == NEAREST || mode == (sign != 0 ? DOWN : UP);
        fpu.flags |= X87.OVERFLOW | X87.PRECISION | (away ? X87.C1 : 0);
        if (away) {
            fpu.put(to, Float80.INTEGER_BIT, sign | Float80.EXPONENT_MASK);
        } else {
            fpu.put(to, greatest, sign | Float80.EXPONENT_MASK - 1);
        }
        return true;
    }

    /** What lies below the kept bits, as a fraction of the last of them, with a sticky last bit. */
    private static long rest(long high, long low, int dropped) {
        return dropped == 0 ? low : high << 64 - dropped | (low != 0 ? 1 : 0);
    }
}
