package dev.sojourn.cpu.operation.vector;

import static dev.sojourn.cpu.operation.vector.Mxcsr.INEXACT;
import static dev.sojourn.cpu.operation.vector.Mxcsr.INVALID;

/**
 * Conversions between integers, singles and doubles, and rounding to integral values.
 *
 * <p>Names follow the manual; 32 and 64 tell the width of a general register. MMX and packed forms come of the same
 * methods: cvtpi2ps is {@link #cvtdq2ps}, cvtpi2pd is {@link #cvtsi2sd32} of each dword, cvtpd2pi is {@link
 * #cvtsd2si32} of each half.
 */
public final class FloatConvert {
    private static final int INDEFINITE32 = Integer.MIN_VALUE;
    private static final long INDEFINITE64 = Long.MIN_VALUE;
    private static final int RULE_OF_MXCSR = 4;
    private static final int SILENT = 8;

    private FloatConvert() {}

    public static long cvtsi2sd32(int value) { return Double.doubleToRawLongBits(value); }

    public static long cvtsi2sd64(Mxcsr m, long value) {
        double nearest = (double) value;
        if (m.inexactIsSilent() || (long) nearest == value && value != Long.MAX_VALUE) {
            return Double.doubleToRawLongBits(nearest);
        }
        return ExactFloat.fromLong(m, FloatFormat.DOUBLE, value);
    }

    public static int cvtsi2ss32(Mxcsr m, int value) { return cvtsi2ss64(m, value); }

    public static int cvtsi2ss64(Mxcsr m, long value) {
        float nearest = (float) value;
        if (m.inexactIsSilent() || (long) nearest == value && value != Long.MAX_VALUE) {
            return Float.floatToRawIntBits(nearest);
        }
        return (int) ExactFloat.fromLong(m, FloatFormat.SINGLE, value);
    }

    /** One half: two dwords to singles. */
    public static long cvtdq2ps(Mxcsr m, long a) {
        return Lanes.dwords(cvtsi2ss32(m, (int) a), cvtsi2ss32(m, Lanes.high(a)));
    }

    public static int cvtsd2si32(Mxcsr m, long bits) { return toInt(m, doubleOperand(m, bits), m.rounding()); }

    public static long cvtsd2si64(Mxcsr m, long bits) { return toLong(m, doubleOperand(m, bits), m.rounding()); }

    public static int cvttsd2si32(Mxcsr m, long bits) { return toInt(m, doubleOperand(m, bits), Mxcsr.TRUNCATE); }

    public static long cvttsd2si64(Mxcsr m, long bits) { return toLong(m, doubleOperand(m, bits), Mxcsr.TRUNCATE); }

    public static int cvtss2si32(Mxcsr m, int bits) { return toInt(m, singleOperand(m, bits), m.rounding()); }

    public static long cvtss2si64(Mxcsr m, int bits) { return toLong(m, singleOperand(m, bits), m.rounding()); }

    public static int cvttss2si32(Mxcsr m, int bits) { return toInt(m, singleOperand(m, bits), Mxcsr.TRUNCATE); }

    public static long cvttss2si64(Mxcsr m, int bits) { return toLong(m, singleOperand(m, bits), Mxcsr.TRUNCATE); }

    /** One half: two singles to dwords; also cvtps2pi. */
    public static long cvtps2dq(Mxcsr m, long a) {
        return Lanes.dwords(cvtss2si32(m, (int) a), cvtss2si32(m, Lanes.high(a)));
    }

    /** One half; also cvttps2pi. */
    public static long cvttps2dq(Mxcsr m, long a) {
        return Lanes.dwords(cvttss2si32(m, (int) a), cvttss2si32(m, Lanes.high(a)));
    }

    /** The low half of the result, whose high half is zero; also cvtpd2pi. */
    public static long cvtpd2dq(Mxcsr m, long low, long high) {
        return Lanes.dwords(cvtsd2si32(m, low), cvtsd2si32(m, high));
    }

    /** The low half of the result, whose high half is zero; also cvttpd2pi. */
    public static long cvttpd2dq(Mxcsr m, long low, long high) {
        return Lanes.dwords(cvttsd2si32(m, low), cvttsd2si32(m, high));
    }

    public static long cvtss2sd(Mxcsr m, int bits) {
        if (FloatArithmetic.isNormal(bits)) return Double.doubleToRawLongBits(Float.intBitsToFloat(bits));
        return ExactFloat.convert(m, FloatFormat.SINGLE, FloatFormat.DOUBLE, Integer.toUnsignedLong(bits));
    }

    public static int cvtsd2ss(Mxcsr m, long bits) {
        double value = Double.longBitsToDouble(bits);
        float single = (float) value;
        int singleBits = Float.floatToRawIntBits(single);
        if (FloatArithmetic.isNormal(bits) && FloatArithmetic.isNormal(singleBits)
                && (m.inexactIsSilent() || single == value)) return singleBits;
        return (int) ExactFloat.convert(m, FloatFormat.DOUBLE, FloatFormat.SINGLE, bits);
    }

    /** The low half of the result, whose high half is zero. */
    public static long cvtpd2ps(Mxcsr m, long low, long high) {
        return Lanes.dwords(cvtsd2ss(m, low), cvtsd2ss(m, high));
    }

    /** Bits 1 and 0 of the control are the rounding mode, bit 2 takes MXCSR's instead, bit 3 keeps PE still. */
    public static long roundsd(Mxcsr m, long bits, int control) {
        if (FloatFormat.DOUBLE.isNan(bits)) return ExactFloat.nan(m, FloatFormat.DOUBLE, bits, bits);
        double value = doubleOperand(m, bits);
        double integral = integral(value, mode(m, control));
        if (integral != value && (control & SILENT) == 0) m.raise(INEXACT);
        return Double.doubleToRawLongBits(integral);
    }

    public static int roundss(Mxcsr m, int bits, int control) {
        long wide = Integer.toUnsignedLong(bits);
        if (FloatFormat.SINGLE.isNan(wide)) return (int) ExactFloat.nan(m, FloatFormat.SINGLE, wide, wide);
        float value = singleOperand(m, bits);
        float integral = (float) integral(value, mode(m, control));
        if (integral != value && (control & SILENT) == 0) m.raise(INEXACT);
        return Float.floatToRawIntBits(integral);
    }

    /** One half: two singles. */
    public static long roundps(Mxcsr m, long a, int control) {
        return Lanes.dwords(roundss(m, (int) a, control), roundss(m, Lanes.high(a), control));
    }

    private static int mode(Mxcsr m, int control) {
        return (control & RULE_OF_MXCSR) != 0 ? m.rounding() : control & 3;
    }

    private static double doubleOperand(Mxcsr m, long bits) {
        return Double.longBitsToDouble(ExactFloat.zeroIfDenormal(m, FloatFormat.DOUBLE, bits));
    }

    private static float singleOperand(Mxcsr m, int bits) {
        long wide = Integer.toUnsignedLong(bits);
        return Float.intBitsToFloat((int) ExactFloat.zeroIfDenormal(m, FloatFormat.SINGLE, wide));
    }

    private static int toInt(Mxcsr m, double value, int mode) {
        double integral = integral(value, mode);
        if (integral >= -0x1p31 && integral < 0x1p31) {
            if (integral != value) m.raise(INEXACT);
            return (int) integral;
        }
        m.raise(INVALID);
        return INDEFINITE32;
    }

    private static long toLong(Mxcsr m, double value, int mode) {
        double integral = integral(value, mode);
        if (integral >= -0x1p63 && integral < 0x1p63) {
            if (integral != value) m.raise(INEXACT);
            return (long) integral;
        }
        m.raise(INVALID);
        return INDEFINITE64;
    }

    private static double integral(double value, int mode) {
        return switch (mode) {
            case Mxcsr.NEAREST -> Math.rint(value);
            case Mxcsr.DOWN -> Math.floor(value);
            case Mxcsr.UP -> Math.ceil(value);
            default -> value < 0 ? Math.ceil(value) : Math.floor(value);
        };
    }
}
