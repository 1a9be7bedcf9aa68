package dev.sojourn.cpu.operation;

/**
 * Shifts and rotates (SDM volume 1, 7.3.6). The count is masked here; a masked count of zero changes no flag.
 *
 * <p>OF is defined for a count of one only; for others it is computed by the same rule.
 */
public final class Shift {
    private Shift() {}

    /** The count as the processor uses it: five bits, six for 64-bit operands. */
    public static int count(int shift, long count) { return (int) count & (shift == 0 ? 63 : 31); }

    public static long shl(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        flags.result = shlResult(shift, a, n);
        flags.aux = shlAux(shift, a, n);
        return flags.result;
    }

    /** The result alone, for a masked count. */
    public static long shlResult(int shift, long a, int n) { return a << n << shift >> shift; }

    /** What {@link Flags#aux} becomes, for a masked count that is not zero. */
    public static long shlAux(int shift, long a, int n) {
        int bits = 64 - shift;
        long carry = n <= bits ? a >>> bits - n & 1 : 0;
        return Flags.withCarryAndOverflow(0, carry, shlResult(shift, a, n) >>> 63 ^ carry);
    }

    public static long shr(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        flags.result = shrResult(shift, a, n);
        flags.aux = shrAux(shift, a, n);
        return flags.result;
    }

    public static long shrResult(int shift, long a, int n) { return a << shift >>> shift >>> n << shift >> shift; }

    public static long shrAux(int shift, long a, int n) {
        return Flags.withCarryAndOverflow(0, a << shift >>> shift >>> n - 1 & 1, a << shift >>> 63);
    }

    public static long sar(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        flags.result = sarResult(shift, a, n);
        flags.aux = sarAux(shift, a, n);
        return flags.result;
    }

    public static long sarResult(int shift, long a, int n) { return a << shift >> shift >> n; }

    public static long sarAux(int shift, long a, int n) {
        return Flags.withCarryAndOverflow(0, a << shift >> shift >> n - 1 & 1, 0);
    }

    public static long rol(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        long result = rolResult(shift, a, n);
        flags.aux = rolAux(shift, result, flags.aux);
        return result;
    }

    /** The bits above the width are undefined. */
    public static long rolResult(int shift, long a, int n) {
        return switch (shift) {
            case 0 -> Long.rotateLeft(a, n);
            case 32 -> Integer.rotateLeft((int) a, n);
            default -> rotateSmall(shift, a, n);
        };
    }

    /** What a rotate leaves: all but CF and OF is kept. */
    public static long rolAux(int shift, long result, long aux) {
        long carry = result & 1;
        return Flags.withCarryAndOverflow(aux, carry, result >>> 63 - shift & 1 ^ carry);
    }

    private static long rotateSmall(int shift, long a, int n) {
        int bits = 64 - shift;
        long unsigned = a << shift >>> shift;
        int by = n & bits - 1;
        return unsigned << by | unsigned >>> bits - by;
    }

    public static long ror(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        long result = rorResult(shift, a, n);
        flags.aux = rorAux(shift, result, flags.aux);
        return result;
    }

    /** The bits above the width are undefined. */
    public static long rorResult(int shift, long a, int n) { return rolResult(shift, a, -n & 63 - shift); }

    public static long rorAux(int shift, long result, long aux) {
        long top = result >>> 63 - shift & 1;
        return Flags.withCarryAndOverflow(aux, top, top ^ result >>> 62 - shift & 1);
    }

    public static long rcl(Flags flags, int shift, long a, long count) {
        int bits = 64 - shift;
        int n = count(shift, count) % (bits + 1);
        if (n == 0) {
            return a;
        }
        long unsigned = a << shift >>> shift;
        long carry = unsigned >>> bits - n & 1;
        long result = (n == 64 ? 0 : unsigned << n) | flags.carryBit() << n - 1 | (n == 1 ? 0 : unsigned >>> bits + 1 - n);
        flags.carryAndOverflow(carry, result >>> bits - 1 & 1 ^ carry);
        return result;
    }

    public static long rcr(Flags flags, int shift, long a, long count) {
        int bits = 64 - shift;
        int n = count(shift, count) % (bits + 1);
        if (n == 0) {
            return a;
        }
        long unsigned = a << shift >>> shift;
        long carry = unsigned >>> n - 1 & 1;
        long result = (n == 64 ? 0 : unsigned >>> n) | flags.carryBit() << bits - n | (n == 1 ? 0 : unsigned << bits + 1 - n);
        flags.carryAndOverflow(carry, (result >>> bits - 1 ^ result >>> bits - 2) & 1);
        return result;
    }

    /** Shifts a left, filling from the top of b. For 16 bits a count above 16 is undefined; b, a, b is what Intel shifts. */
    public static long shld(Flags flags, int shift, long a, long b, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        int bits = 64 - shift;
        long x = a << shift >>> shift;
        long y = b << shift >>> shift;
        long result = n <= bits ? x << n | (n == bits ? y : y >>> bits - n) : y << n - bits | x >>> 2 * bits - n;
        long carry = n <= bits ? x >>> bits - n & 1 : y >>> 2 * bits - n & 1;
        long signed = result << shift >> shift;
        return flags.afterShift(signed, carry, (signed >>> 63 ^ x >>> bits - 1) & 1);
    }

    /** Shifts a right, filling from the bottom of b. */
    public static long shrd(Flags flags, int shift, long a, long b, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        int bits = 64 - shift;
        long x = a << shift >>> shift;
        long y = b << shift >>> shift;
        long result = n <= bits ? (n == bits ? 0 : x >>> n) | y << bits - n : y >>> n - bits | x << 2 * bits - n;
        long carry = n <= bits ? x >>> n - 1 & 1 : y >>> n - bits - 1 & 1;
        long signed = result << shift >> shift;
        return flags.afterShift(signed, carry, (signed >>> 63 ^ x >>> bits - 1) & 1);
    }
}
