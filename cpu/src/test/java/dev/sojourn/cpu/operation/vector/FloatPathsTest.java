package dev.sojourn.cpu.operation.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The native path of scalar arithmetic says the same as arithmetic in integers: results and flags. */
class FloatPathsTest {
    private static final int CASES = 300_000;
    private static final int DYNAMIC_BITS = 0xffc0;

    interface Operation { long of(Mxcsr m, long a, long b); }

    @Test
    void doublesAddAsInIntegers() {
        compare("d", FloatArithmetic::addsd, (m, a, b) -> ExactFloat.add(m, FloatFormat.DOUBLE, a, b));
        compare("d", FloatArithmetic::subsd, (m, a, b) -> ExactFloat.subtract(m, FloatFormat.DOUBLE, a, b));
    }

    @Test
    void doublesMultiplyAndDivideAsInIntegers() {
        compare("d", FloatArithmetic::mulsd, (m, a, b) -> ExactFloat.multiply(m, FloatFormat.DOUBLE, a, b));
        compare("d", FloatArithmetic::divsd, (m, a, b) -> ExactFloat.divide(m, FloatFormat.DOUBLE, a, b));
        compare("d", (m, a, _) -> FloatArithmetic.sqrtsd(m, a),
                (m, a, _) -> ExactFloat.squareRoot(m, FloatFormat.DOUBLE, a));
    }

    @Test
    void singlesAddAsInIntegers() {
        compare("s", (m, a, b) -> FloatArithmetic.addss(m, (int) a, (int) b),
                (m, a, b) -> (int) ExactFloat.add(m, FloatFormat.SINGLE, wide(a), wide(b)));
        compare("s", (m, a, b) -> FloatArithmetic.subss(m, (int) a, (int) b),
                (m, a, b) -> (int) ExactFloat.subtract(m, FloatFormat.SINGLE, wide(a), wide(b)));
    }

    @Test
    void singlesMultiplyAndDivideAsInIntegers() {
        compare("s", (m, a, b) -> FloatArithmetic.mulss(m, (int) a, (int) b),
                (m, a, b) -> (int) ExactFloat.multiply(m, FloatFormat.SINGLE, wide(a), wide(b)));
        compare("s", (m, a, b) -> FloatArithmetic.divss(m, (int) a, (int) b),
                (m, a, b) -> (int) ExactFloat.divide(m, FloatFormat.SINGLE, wide(a), wide(b)));
        compare("s", (m, a, _) -> FloatArithmetic.sqrtss(m, (int) a),
                (m, a, _) -> (int) ExactFloat.squareRoot(m, FloatFormat.SINGLE, wide(a)));
    }

    @Test
    void anUnmaskedExceptionLeavesTheFlagsThatCameBefore() {
        Mxcsr m = new Mxcsr();
        m.load(Mxcsr.RESET & ~(Mxcsr.ZERO_DIVIDE << 7));
        FloatArithmetic.divsd(m, Double.doubleToRawLongBits(1), 0);
        FloatArithmetic.divsd(m, Double.doubleToRawLongBits(1), Double.doubleToRawLongBits(3));
        assertEquals(true, m.settle());
        assertEquals(Mxcsr.ZERO_DIVIDE, m.value() & 0x3f);
    }

    @Test
    void estimatesAreWithinTheManualsError() {
        VectorCase c = new VectorCase("estimates");
        double worst = 0;
        for (int n = 0; n < CASES; n++) {
            c.generate("i");
            int bits = 0x0100_0000 + (int) (c.aLow >>> 33) % 0x7c00_0000;
            double value = Float.intBitsToFloat(bits);
            worst = Math.max(worst, Math.abs(Float.intBitsToFloat(FloatEstimate.rcpss(bits)) * value - 1));
            worst = Math.max(worst, Math.abs(Float.intBitsToFloat(FloatEstimate.rsqrtss(bits)) * Math.sqrt(value) - 1));
        }
        assertEquals(0, worst, 1.5 * 0x1p-12);
    }

    @Test
    void estimatesOfSpecialValuesFollowTheManual() {
        assertEquals(0x7f80_0000, FloatEstimate.rcpss(0x0000_0001));
        assertEquals(0xff80_0000, FloatEstimate.rcpss(0x8000_0000));
        assertEquals(0x8000_0000, FloatEstimate.rcpss(0xff80_0000));
        assertEquals(0x7fc0_0001, FloatEstimate.rcpss(0x7f80_0001));
        assertEquals(0, FloatEstimate.rcpss(0x7f00_0000));
        assertEquals(0xffc0_0000, FloatEstimate.rsqrtss(0xbf80_0000));
        assertEquals(0xff80_0000, FloatEstimate.rsqrtss(0x8000_0001));
        assertEquals(0, FloatEstimate.rsqrtss(0x7f80_0000));
    }

    private static void compare(String kind, Operation quick, Operation exact) {
        VectorCase c = new VectorCase(kind);
        Mxcsr other = new Mxcsr();
        for (int n = 0; n < CASES; n++) {
            c.generate(kind);
            int before = c.mxcsr.value() & (n % 2 == 0 ? DYNAMIC_BITS : -1);
            c.mxcsr.load(before);
            other.load(before);
            long result = quick.of(c.mxcsr, c.aLow, c.bLow);
            long expected = exact.of(other, c.aLow, c.bLow);
            boolean faults = c.mxcsr.settle();
            assertEquals(other.settle(), faults);
            assertEquals(expected, result, () -> "%x %x %x".formatted(c.aLow, c.bLow, before));
            assertEquals(other.value(), c.mxcsr.value(), () -> "%x %x %x".formatted(c.aLow, c.bLow, before));
        }
    }

    private static long wide(long bits) { return bits & 0xffff_ffffL; }
}
