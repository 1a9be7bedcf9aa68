package dev.sojourn.cpu.operation;

/**
 * Shifts and rotates (SDM volume 1, 7.3.6). The count is masked here; a masked count of zero changes no flag.
 *
 * <p>OF is defined for a count of one only; for others it is computed by the same rule.
 */
public final class Shift {
    private Shift() {}

    /** The count as the processor uses it: five bits, six for 64-bit operands. */
    private static int count(int shift, long count) { return (int) count & (shift == 0 ? 63 : 31); }

    public static long shl(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        int bits = 64 - shift;
        long result = a << n << shift >> shift;
        long carry = n <= bits ? a >>> bits - n & 1 : 0;
        return flags.afterShift(result, carry, result >>> 63 ^ carry);
    }

    public static long shr(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        long unsigned = a << shift >>> shift;
        long result = unsigned >>> n << shift >> shift;
        return flags.afterShift(result, unsigned >>> n - 1 & 1, a << shift >>> 63);
    }

    public static long sar(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        long signed = a << shift >> shift;
        return flags.afterShift(signed >> n, signed >> n - 1 & 1, 0);
    }

    public static long rol(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        int bits = 64 - shift;
        long unsigned = a << shift >>> shift;
        int by = n & bits - 1;
        long result = by == 0 ? unsigned : unsigned << by | unsigned >>> bits - by;
        long carry = result & 1;
        flags.carryAndOverflow(carry, result >>> bits - 1 & 1 ^ carry);
        return result;
    }

    public static long ror(Flags flags, int shift, long a, long count) {
        int n = count(shift, count);
        if (n == 0) {
            return a;
        }
        int bits = 64 - shift;
        long unsigned = a << shift >>> shift;
        int by = n & bits - 1;
        long result = by == 0 ? unsigned : unsigned >>> by | unsigned << bits - by;
        long top = result >>> bits - 1 & 1;
        flags.carryAndOverflow(top, top ^ result >>> bits - 2 & 1);
        return result;
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
