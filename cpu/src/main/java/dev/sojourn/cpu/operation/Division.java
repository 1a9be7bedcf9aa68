package dev.sojourn.cpu.operation;

/**
 * Integer division (SDM volume 2, DIV and IDIV). The dividend is twice as wide as the divisor.
 *
 * <p>A caller asks whether the quotient fits before it computes; if not, the processor raises #DE.
 */
public final class Division {
    private Division() {}

    /** Whether an unsigned quotient fits: the divisor is above the dividend's high half. */
    public static boolean fits(int shift, long high, long divisor) {
        return Long.compareUnsigned(high << shift >>> shift, divisor << shift >>> shift) < 0;
    }

    public static long quotient(int shift, long high, long low, long divisor) {
        long d = divisor << shift >>> shift;
        if (shift != 0) {
            return Long.divideUnsigned(join(shift, high, low), d);
        }
        return high == 0 ? Long.divideUnsigned(low, d) : divide128(high, low, d);
    }

    public static long remainder(int shift, long high, long low, long divisor) {
        long d = divisor << shift >>> shift;
        if (shift != 0) {
            return Long.remainderUnsigned(join(shift, high, low), d);
        }
        return high == 0 ? Long.remainderUnsigned(low, d) : low - divide128(high, low, d) * d;
    }

    /** Whether a signed quotient fits. */
    public static boolean fitsSigned(int shift, long high, long low, long divisor) {
        long d = divisor << shift >> shift;
        if (d == 0) {
            return false;
        }
        if (shift != 0) {
            long dividend = join(shift, high, low) << dividendShift(shift) >> dividendShift(shift);
            long quotient = dividend / d;
            return !(dividend == Long.MIN_VALUE && d == -1) && quotient << shift >> shift == quotient;
        }
        long magnitudeHigh = high < 0 ? negatedHigh(high, low) : high;
        long magnitudeLow = high < 0 ? -low : low;
        long magnitude = Math.abs(d);
        if (Long.compareUnsigned(magnitudeHigh, magnitude) >= 0) {
            return false;
        }
        long quotient = quotient(0, magnitudeHigh, magnitudeLow, magnitude);
        return quotient >= 0 || quotient == Long.MIN_VALUE && high < 0 != d < 0;
    }

    public static long quotientSigned(int shift, long high, long low, long divisor) {
        long d = divisor << shift >> shift;
        if (shift != 0) {
            return (join(shift, high, low) << dividendShift(shift) >> dividendShift(shift)) / d;
        }
        if (high == low >> 63) {
            return low / d;
        }
        long quotient = high < 0 ? quotient(0, negatedHigh(high, low), -low, Math.abs(d)) : quotient(0, high, low, Math.abs(d));
        return high < 0 == d < 0 ? quotient : -quotient;
    }

    public static long remainderSigned(int shift, long high, long low, long divisor) {
        long d = divisor << shift >> shift;
        if (shift != 0) {
            return (join(shift, high, low) << dividendShift(shift) >> dividendShift(shift)) % d;
        }
        return low - quotientSigned(0, high, low, divisor) * d;
    }

    /** A dividend of at most 64 bits from its halves. */
    private static long join(int shift, long high, long low) {
        return high << shift >>> shift << 64 - shift | low << shift >>> shift;
    }

    private static int dividendShift(int shift) { return 64 - 2 * (64 - shift); }

    private static long negatedHigh(long high, long low) { return low == 0 ? -high : ~high; }

    /** 128 by 64 bits, two digits of 32 bits (Knuth, volume 2, 4.3.1, algorithm D); high is below the divisor. */
    private static long divide128(long high, long low, long divisor) {
        int normalize = Long.numberOfLeadingZeros(divisor);
        long d = divisor << normalize;
        long upper = normalize == 0 ? high : high << normalize | low >>> 64 - normalize;
        long lower = low << normalize;
        long first = digit(upper, lower >>> 32, d);
        long rest = (upper << 32 | lower >>> 32) - first * d;
        return first << 32 | digit(rest, lower & 0xffff_ffffL, d);
    }

    private static long digit(long upper, long next, long d) {
        long dHigh = d >>> 32;
        long dLow = d & 0xffff_ffffL;
        long q = Long.divideUnsigned(upper, dHigh);
        long r = upper - q * dHigh;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * dLow, r << 32 | next) > 0) {
            q--;
            r += dHigh;
            if (r >>> 32 != 0) {
                break;
            }
        }
        return q;
    }
}
