package dev.sojourn.cpu.operation.x87;

/**
 * A 128-bit unsigned number that is worked on in place: a fraction below one, or the significand of a wide
 * intermediate result.
 *
 * <p>It belongs to one register file, so that the long operations allocate nothing.
 */
final class X87Wide {
    private static final long LOW_HALF = 0xffff_ffffL;

    long high;
    long low;

    void set(long newHigh, long newLow) {
        high = newHigh;
        low = newLow;
    }

    /** Multiplies by a fraction; drops what lies below 128 bits. The error is below three units of the last bit. */
    void multiply(long factorHigh, long factorLow) {
        long productLow = high * factorHigh;
        long productHigh = Math.unsignedMultiplyHigh(high, factorHigh);
        long cross = Math.unsignedMultiplyHigh(high, factorLow);
        long sum = productLow + cross;
        productHigh += Long.compareUnsigned(sum, cross) < 0 ? 1 : 0;
        cross = Math.unsignedMultiplyHigh(low, factorHigh);
        sum += cross;
        productHigh += Long.compareUnsigned(sum, cross) < 0 ? 1 : 0;
        high = productHigh;
        low = sum;
    }

    void add(long addendHigh, long addendLow) {
        long sum = low + addendLow;
        high += addendHigh + (Long.compareUnsigned(sum, addendLow) < 0 ? 1 : 0);
        low = sum;
    }

    /** Becomes a given number minus itself. */
    void subtractFrom(long minuendHigh, long minuendLow) {
        long borrow = Long.compareUnsigned(minuendLow, low) < 0 ? 1 : 0;
        high = minuendHigh - high - borrow;
        low = minuendLow - low;
    }

    /** Multiplies by a small number; the product must fit. */
    void multiplySmall(int factor) {
        high = high * factor + Math.unsignedMultiplyHigh(low, factor);
        low *= factor;
    }

    /**
     * Divides by a larger or equal number whose top bit is set. The error is below four units of the last bit.
     */
    void divide(long divisorHigh, long divisorLow) {
        long first = estimate(high, low, divisorHigh);
        long restHigh = low - first * divisorHigh;
        long restOver = high - Math.unsignedMultiplyHigh(first, divisorHigh)
                - (Long.compareUnsigned(low, first * divisorHigh) < 0 ? 1 : 0);
        long taken = Math.unsignedMultiplyHigh(first, divisorLow);
        long restLow = -(first * divisorLow);
        taken += restLow != 0 ? 1 : 0;
        restOver -= Long.compareUnsigned(restHigh, taken) < 0 ? 1 : 0;
        restHigh -= taken;
        while (restOver < 0) {
            first--;
            restLow += divisorLow;
            long carry = Long.compareUnsigned(restLow, divisorLow) < 0 ? 1 : 0;
            long sum = restHigh + divisorHigh;
            restOver += Long.compareUnsigned(sum, restHigh) < 0 ? 1 : 0;
            restHigh = sum + carry;
            restOver += carry != 0 && restHigh == 0 ? 1 : 0;
        }
        low = estimate(restHigh, restLow, divisorHigh);
        high = first;
    }

    private static long estimate(long high, long low, long divisor) {
        return Long.compareUnsigned(high, divisor) >= 0 ? -1L : divide(high, low, divisor);
    }

    /** Shifts left until the top bit is set. @return by how many bits; 128 for zero */
    int normalize() {
        int shift = 0;
        if (high == 0) {
            high = low;
            low = 0;
            shift = 64;
        }
        int zeros = Long.numberOfLeadingZeros(high);
        if (zeros == 64) {
            return 128;
        }
        high = shiftLeftHigh(high, low, zeros);
        low <<= zeros;
        return shift + zeros;
    }

    /** Shifts right by any count of at least zero; drops what falls out. */
    void shiftRight(int count) {
        if (count >= 128) {
            set(0, 0);
        } else if (count >= 64) {
            set(0, high >>> count - 64);
        } else if (count > 0) {
            set(high >>> count, low >>> count | high << 64 - count);
        }
    }

    /** The upper word of a shift left by 0 to 63. */
    static long shiftLeftHigh(long high, long low, int count) {
        return high << count | low >>> 1 >>> 63 - count;
    }

    /** The lower word of a shift right by at least 1; the last bit is set if any bit fell out. */
    static long shiftRightSticky(long high, long low, int count) {
        if (count < 64) {
            return high << 64 - count | low >>> count | (low << 64 - count != 0 ? 1 : 0);
        }
        if (count == 64) {
            return high | (low != 0 ? 1 : 0);
        }
        if (count < 128) {
            return high >>> count - 64 | ((high << 128 - count | low) != 0 ? 1 : 0);
        }
        return (high | low) != 0 ? 1 : 0;
    }

    /** A 128-bit number divided by a divisor whose top bit is set and which exceeds {@code high}. */
    static long divide(long high, long low, long divisor) {
        long divisorHigh = divisor >>> 32;
        long divisorLow = divisor & LOW_HALF;
        long first = digit(high, low >>> 32, divisorHigh, divisorLow);
        long rest = (high << 32 | low >>> 32) - first * divisor;
        long second = digit(rest, low & LOW_HALF, divisorHigh, divisorLow);
        return (first << 32) + second;
    }

    /** One 32-bit digit of a quotient: the estimate is at most two too large. */
    private static long digit(long rest, long next, long divisorHigh, long divisorLow) {
        long digit = Long.divideUnsigned(rest, divisorHigh);
        long left = rest - digit * divisorHigh;
        while (digit > LOW_HALF || Long.compareUnsigned(digit * divisorLow, left << 32 | next) > 0) {
            digit--;
            left += divisorHigh;
            if (left > LOW_HALF) {
                break;
            }
        }
        return digit;
    }
}
