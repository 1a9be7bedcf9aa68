package dev.sojourn.cpu.operation.vector;

/**
 * Sums, products, quotients, roots, least and greatest of floating-point lanes; see SDM volume 1, sections 10.4 and
 * 11.4.
 *
 * <p>Native arithmetic rounds to nearest and keeps no flags. Its result stands if operands and result are normal
 * numbers (or zeros where that says as much) and, unless inexactness is silent already, a cheap proof shows the
 * result exact. All else goes to {@link ExactFloat}. The suffix ps is one half of a packed operation: two singles; a
 * half of a packed operation on doubles is the scalar one.
 */
public final class FloatArithmetic {
    private static final long DOUBLE_MAGNITUDE = Long.MAX_VALUE;
    private static final long DOUBLE_SMALLEST = 0x0010_0000_0000_0000L;
    private static final long DOUBLE_INFINITY = 0x7ff0_0000_0000_0000L;
    private static final int SINGLE_MAGNITUDE = Integer.MAX_VALUE;
    private static final int SINGLE_SMALLEST = 0x0080_0000;
    private static final int SINGLE_INFINITY = 0x7f80_0000;

    private FloatArithmetic() {}

    public static long addsd(Mxcsr m, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double sum = x + y;
        long bits = Double.doubleToRawLongBits(sum);
        if (isPlain(a) && isPlain(b) && isPlain(bits)
                && (m.inexactIsSilent() || sum != 0 && sumError(x, y, sum) == 0)) return bits;
        return ExactFloat.add(m, FloatFormat.DOUBLE, a, b);
    }

    public static long subsd(Mxcsr m, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double difference = x - y;
        long bits = Double.doubleToRawLongBits(difference);
        if (isPlain(a) && isPlain(b) && isPlain(bits)
                && (m.inexactIsSilent() || difference != 0 && sumError(x, -y, difference) == 0)) return bits;
        return ExactFloat.subtract(m, FloatFormat.DOUBLE, a, b);
    }

    public static long mulsd(Mxcsr m, long a, long b) {
        long bits = Double.doubleToRawLongBits(Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
        if (isPlain(a) && isPlain(b) && (isNormal(bits) || isZero(a) || isZero(b))
                && (m.inexactIsSilent() || isExactProduct(a, b))) return bits;
        return ExactFloat.multiply(m, FloatFormat.DOUBLE, a, b);
    }

    public static long divsd(Mxcsr m, long a, long b) {
        double y = Double.longBitsToDouble(b);
        double quotient = Double.longBitsToDouble(a) / y;
        long bits = Double.doubleToRawLongBits(quotient);
        if (isPlain(a) && isNormal(b) && (isNormal(bits) || isZero(a))
                && (m.inexactIsSilent() || isExactProduct(bits, b) && quotient * y == Double.longBitsToDouble(a))) {
            return bits;
        }
        return ExactFloat.divide(m, FloatFormat.DOUBLE, a, b);
    }

    public static long sqrtsd(Mxcsr m, long a) {
        double root = Math.sqrt(Double.longBitsToDouble(a));
        long bits = Double.doubleToRawLongBits(root);
        if (a > 0 && isNormal(a)
                && (m.inexactIsSilent() || isExactProduct(bits, bits) && root * root == Double.longBitsToDouble(a))) {
            return bits;
        }
        return ExactFloat.squareRoot(m, FloatFormat.DOUBLE, a);
    }

    public static int addss(Mxcsr m, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float sum = x + y;
        int bits = Float.floatToRawIntBits(sum);
        if (isPlain(a) && isPlain(b) && isPlain(bits)
                && (m.inexactIsSilent() || sum != 0 && sumError(x, y, sum) == 0)) return bits;
        return (int) ExactFloat.add(m, FloatFormat.SINGLE, wide(a), wide(b));
    }

    public static int subss(Mxcsr m, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float difference = x - y;
        int bits = Float.floatToRawIntBits(difference);
        if (isPlain(a) && isPlain(b) && isPlain(bits)
                && (m.inexactIsSilent() || difference != 0 && sumError(x, -y, difference) == 0)) return bits;
        return (int) ExactFloat.subtract(m, FloatFormat.SINGLE, wide(a), wide(b));
    }

    public static int mulss(Mxcsr m, int a, int b) {
        double product = (double) Float.intBitsToFloat(a) * Float.intBitsToFloat(b);
        float single = (float) product;
        int bits = Float.floatToRawIntBits(single);
        if (isPlain(a) && isPlain(b) && (isNormal(bits) || product == 0)
                && (m.inexactIsSilent() || single == product)) return bits;
        return (int) ExactFloat.multiply(m, FloatFormat.SINGLE, wide(a), wide(b));
    }

    public static int divss(Mxcsr m, int a, int b) {
        float x = Float.intBitsToFloat(a);
        float y = Float.intBitsToFloat(b);
        float quotient = x / y;
        int bits = Float.floatToRawIntBits(quotient);
        if (isPlain(a) && isNormal(b) && (isNormal(bits) || x == 0)
                && (m.inexactIsSilent() || (double) quotient * y == x)) return bits;
        return (int) ExactFloat.divide(m, FloatFormat.SINGLE, wide(a), wide(b));
    }

    public static int sqrtss(Mxcsr m, int a) {
        float x = Float.intBitsToFloat(a);
        float root = (float) Math.sqrt(x);
        if (a > 0 && isNormal(a) && (m.inexactIsSilent() || (double) root * root == x)) {
            return Float.floatToRawIntBits(root);
        }
        return (int) ExactFloat.squareRoot(m, FloatFormat.SINGLE, wide(a));
    }

    public static long addps(Mxcsr m, long a, long b) {
        return Lanes.dwords(addss(m, (int) a, (int) b), addss(m, Lanes.high(a), Lanes.high(b)));
    }

    public static long subps(Mxcsr m, long a, long b) {
        return Lanes.dwords(subss(m, (int) a, (int) b), subss(m, Lanes.high(a), Lanes.high(b)));
    }

    public static long mulps(Mxcsr m, long a, long b) {
        return Lanes.dwords(mulss(m, (int) a, (int) b), mulss(m, Lanes.high(a), Lanes.high(b)));
    }

    public static long divps(Mxcsr m, long a, long b) {
        return Lanes.dwords(divss(m, (int) a, (int) b), divss(m, Lanes.high(a), Lanes.high(b)));
    }

    public static long sqrtps(Mxcsr m, long a) { return Lanes.dwords(sqrtss(m, (int) a), sqrtss(m, Lanes.high(a))); }

    public static long addsubps(Mxcsr m, long a, long b) {
        return Lanes.dwords(subss(m, (int) a, (int) b), addss(m, Lanes.high(a), Lanes.high(b)));
    }

    /** Sums of neighbours, as for {@link PackedAdd#phaddd}; a half of haddpd is {@link #addsd} of low and high. */
    public static long haddps(Mxcsr m, long x, long y) {
        return Lanes.dwords(addss(m, (int) x, Lanes.high(x)), addss(m, (int) y, Lanes.high(y)));
    }

    public static long hsubps(Mxcsr m, long x, long y) {
        return Lanes.dwords(subss(m, (int) x, Lanes.high(x)), subss(m, (int) y, Lanes.high(y)));
    }

    /** The second operand unless the first is truly less: so for NaN and for zeros of either sign. */
    public static long minsd(Mxcsr m, long first, long second) {
        if (isPlain(first) && isPlain(second)) {
            return Double.longBitsToDouble(first) < Double.longBitsToDouble(second) ? first : second;
        }
        boolean ordered = FloatCompare.admit(m, FloatFormat.DOUBLE, first, second, true);
        long a = ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, first);
        long b = ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, second);
        return ordered && Double.longBitsToDouble(a) < Double.longBitsToDouble(b) ? a : b;
    }

    /** The second operand unless the first is truly greater. */
    public static long maxsd(Mxcsr m, long first, long second) {
        if (isPlain(first) && isPlain(second)) {
            return Double.longBitsToDouble(first) > Double.longBitsToDouble(second) ? first : second;
        }
        boolean ordered = FloatCompare.admit(m, FloatFormat.DOUBLE, first, second, true);
        long a = ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, first);
        long b = ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, second);
        return ordered && Double.longBitsToDouble(a) > Double.longBitsToDouble(b) ? a : b;
    }

    public static int minss(Mxcsr m, int first, int second) {
        if (isPlain(first) && isPlain(second)) {
            return Float.intBitsToFloat(first) < Float.intBitsToFloat(second) ? first : second;
        }
        boolean ordered = FloatCompare.admit(m, FloatFormat.SINGLE, wide(first), wide(second), true);
        int a = (int) ExactFloat.zeroIfDenormal(m, FloatFormat.SINGLE, wide(first));
        int b = (int) ExactFloat.zeroIfDenormal(m, FloatFormat.SINGLE, wide(second));
        return ordered && Float.intBitsToFloat(a) < Float.intBitsToFloat(b) ? a : b;
    }

    public static int maxss(Mxcsr m, int first, int second) {
        if (isPlain(first) && isPlain(second)) {
            return Float.intBitsToFloat(first) > Float.intBitsToFloat(second) ? first : second;
        }
        boolean ordered = FloatCompare.admit(m, FloatFormat.SINGLE, wide(first), wide(second), true);
        int a = (int) ExactFloat.zeroIfDenormal(m, FloatFormat.SINGLE, wide(first));
        int b = (int) ExactFloat.zeroIfDenormal(m, FloatFormat.SINGLE, wide(second));
        return ordered && Float.intBitsToFloat(a) > Float.intBitsToFloat(b) ? a : b;
    }

    public static long minps(Mxcsr m, long a, long b) {
        return Lanes.dwords(minss(m, (int) a, (int) b), minss(m, Lanes.high(a), Lanes.high(b)));
    }

    public static long maxps(Mxcsr m, long a, long b) {
        return Lanes.dwords(maxss(m, (int) a, (int) b), maxss(m, Lanes.high(a), Lanes.high(b)));
    }

    /** Strictly between the smallest normal number and infinity: a result there was not tiny before it was rounded. */
    static boolean isNormal(long bits) {
        return Long.compareUnsigned((bits & DOUBLE_MAGNITUDE) - DOUBLE_SMALLEST - 1,
                DOUBLE_INFINITY - DOUBLE_SMALLEST - 1) < 0;
    }

    static boolean isNormal(int bits) {
        return Integer.compareUnsigned((bits & SINGLE_MAGNITUDE) - SINGLE_SMALLEST - 1,
                SINGLE_INFINITY - SINGLE_SMALLEST - 1) < 0;
    }

    private static boolean isZero(long bits) { return (bits & DOUBLE_MAGNITUDE) == 0; }

    static boolean isPlain(long bits) { return isNormal(bits) || (bits & DOUBLE_MAGNITUDE) == 0; }

    static boolean isPlain(int bits) { return isNormal(bits) || (bits & SINGLE_MAGNITUDE) == 0; }

    private static long wide(int single) { return Integer.toUnsignedLong(single); }

    /** What rounding took from a sum: exact, by Knuth's two-sum. */
    private static double sumError(double a, double b, double sum) {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    private static float sumError(float a, float b, float sum) {
        float part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    /** True if the digits of the product of normal numbers or zeros fit; 106 bits wide, they end in enough zeros. */
    private static boolean isExactProduct(long a, long b) {
        if (isZero(a) || isZero(b)) return true;
        long x = a & DOUBLE_SMALLEST - 1 | DOUBLE_SMALLEST;
        long y = b & DOUBLE_SMALLEST - 1 | DOUBLE_SMALLEST;
        int zeros = Long.numberOfTrailingZeros(x) + Long.numberOfTrailingZeros(y);
        return zeros > 52 || zeros == 52 && Math.multiplyHigh(x, y) < 1L << 41;
    }
}
