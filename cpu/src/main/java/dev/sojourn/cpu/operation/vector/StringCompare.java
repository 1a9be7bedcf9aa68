package dev.sojourn.cpu.operation.vector;

/**
 * pcmpestri, pcmpestrm, pcmpistri and pcmpistrm; see SDM volume 2, section 4.1.
 *
 * <p>An engine takes the two lengths (explicit or implicit), compares once, and then asks for index or mask and flags.
 * Here a is the first operand (the destination: a set, ranges or a needle) and b the second.
 */
public final class StringCompare {
    private static final int WORDS = 1;
    private static final int SIGNED = 2;
    private static final int NEGATE = 0x10;
    private static final int NEGATE_VALID_ONLY = 0x20;
    private static final int LAST_INDEX = 0x40;
    private static final int UNIT_MASK = 0x40;

    private static final int CARRY = 1;
    private static final int ZERO = 0x40;
    private static final int SIGN = 0x80;
    private static final int OVERFLOW = 0x800;

    private StringCompare() {}

    /** The length of a string that ends before its first zero, at most the lanes there are. */
    public static int implicitLength(long low, long high, int control) {
        int lane = 0;
        while (lane < lanes(control) && element(low, high, lane, control) != 0) lane++;
        return lane;
    }

    /**
     * The length given by EAX or EDX (sign-extended by the caller if 32 bits wide), made positive and cut to the
     * lanes.
     */
    public static int explicitLength(long register, int control) {
        int lanes = lanes(control);
        return register > lanes || register < -lanes ? lanes : (int) Math.abs(register);
    }

    /** IntRes2 of the manual: a bit for each lane of b. */
    public static int compare(long aLow, long aHigh, int aLength, long bLow, long bHigh, int bLength, int control) {
        int result = 0;
        for (int lane = 0; lane < lanes(control); lane++) {
            boolean matches = switch (control >> 2 & 3) {
                case 0 -> lane < bLength
                        && isMember(aLow, aHigh, aLength, element(bLow, bHigh, lane, control), control);
                case 1 -> lane < bLength
                        && isInRange(aLow, aHigh, aLength, element(bLow, bHigh, lane, control), control);
                case 2 -> lane < aLength && lane < bLength
                        ? element(aLow, aHigh, lane, control) == element(bLow, bHigh, lane, control)
                        : lane >= aLength && lane >= bLength;
                default -> isNeedleAt(aLow, aHigh, aLength, bLow, bHigh, bLength, lane, control);
            };
            if (matches) result |= 1 << lane;
        }
        if ((control & NEGATE) == 0) return result;
        int negated = (control & NEGATE_VALID_ONLY) != 0 ? (1 << bLength) - 1 : (1 << lanes(control)) - 1;
        return result ^ negated;
    }

    /** What pcmp*stri leaves in ECX. */
    public static int index(int result, int control) {
        if (result == 0) return lanes(control);
        return (control & LAST_INDEX) != 0 ? 31 - Integer.numberOfLeadingZeros(result)
                : Integer.numberOfTrailingZeros(result);
    }

    /** What pcmp*strm leaves in the low half of XMM0. */
    public static long maskLow(int result, int control) {
        if ((control & UNIT_MASK) == 0) return result;
        return (control & WORDS) != 0 ? wordMask(result) : byteMask(result);
    }

    public static long maskHigh(int result, int control) {
        if ((control & UNIT_MASK) == 0) return 0;
        return (control & WORDS) != 0 ? wordMask(result >> 4) : byteMask(result >> 8);
    }

    /** CF, ZF, SF and OF as bits of EFLAGS; AF and PF are cleared. */
    public static int flags(int result, int aLength, int bLength, int control) {
        return (result != 0 ? CARRY : 0) | (bLength < lanes(control) ? ZERO : 0) | (aLength < lanes(control) ? SIGN : 0)
                | ((result & 1) != 0 ? OVERFLOW : 0);
    }

    private static boolean isMember(long aLow, long aHigh, int aLength, int value, int control) {
        for (int lane = 0; lane < aLength; lane++) {
            if (element(aLow, aHigh, lane, control) == value) return true;
        }
        return false;
    }

    private static boolean isInRange(long aLow, long aHigh, int aLength, int value, int control) {
        for (int lane = 0; lane + 1 < aLength; lane += 2) {
            boolean reaches = value >= element(aLow, aHigh, lane, control);
            if (reaches && value <= element(aLow, aHigh, lane + 1, control)) return true;
        }
        return false;
    }

    private static boolean isNeedleAt(long aLow, long aHigh, int aLength, long bLow, long bHigh, int bLength, int start,
            int control) {
        for (int lane = 0; lane < aLength && start + lane < lanes(control); lane++) {
            int at = start + lane;
            if (at >= bLength || element(aLow, aHigh, lane, control) != element(bLow, bHigh, at, control)) return false;
        }
        return true;
    }

    private static int lanes(int control) { return (control & WORDS) != 0 ? 8 : 16; }

    private static int element(long low, long high, int lane, int control) {
        if ((control & WORDS) != 0) {
            int word = Shuffle.pextrw(low, high, lane);
            return (control & SIGNED) != 0 ? (short) word : word;
        }
        int value = Shuffle.pextrb(low, high, lane);
        return (control & SIGNED) != 0 ? (byte) value : value;
    }

    private static long byteMask(int bits) {
        long mask = 0;
        for (int lane = 0; lane < 8; lane++) mask |= (bits >> lane & 1) * 0xffL << (lane << 3);
        return mask;
    }

    private static long wordMask(int bits) {
        long mask = 0;
        for (int lane = 0; lane < 4; lane++) mask |= (bits >> lane & 1) * 0xffffL << (lane << 4);
        return mask;
    }
}
