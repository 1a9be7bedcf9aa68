package dev.sojourn.cpu.operation.x87;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The basic operations against exact arithmetic, in each rounding and precision. */
class Float80ArithmeticTest {
    private static final int CASES = 60_000;

    /** Every finite number is a multiple of two to this power. */
    private static final int LEAST = 1 - Float80.EXPONENT_BIAS - 63;

    private final Random random = new Random(80);
    private final X87 fpu = new X87();
    private long a;
    private int aExponent;
    private long b;
    private int bExponent;

    @Test void sumsAreRoundedOnce() {
        for (int i = 0; i < CASES; i++) {
            draw();
            Float80Arithmetic.add(fpu, 0, a, aExponent, b, bExponent);
            BigInteger sum = exact(a, aExponent).add(exact(b, bExponent));
            if (sum.signum() != 0) {
                check("+", sum.signum() < 0, sum.abs(), LEAST, false);
            }
        }
    }

    @Test void differencesAreRoundedOnce() {
        for (int i = 0; i < CASES; i++) {
            draw();
            Float80Arithmetic.subtract(fpu, 0, a, aExponent, b, bExponent);
            BigInteger difference = exact(a, aExponent).subtract(exact(b, bExponent));
            if (difference.signum() != 0) {
                check("-", difference.signum() < 0, difference.abs(), LEAST, false);
            }
        }
    }

    @Test void productsAreRoundedOnce() {
        for (int i = 0; i < CASES; i++) {
            draw();
            Float80Arithmetic.multiply(fpu, 0, a, aExponent, b, bExponent);
            BigInteger product = unsigned(a).multiply(unsigned(b));
            boolean negative = ((aExponent ^ bExponent) & Float80.SIGN) != 0;
            check("*", negative, product, power(aExponent) + power(bExponent), false);
        }
    }

    @Test void quotientsAreRoundedOnce() {
        for (int i = 0; i < CASES; i++) {
            draw();
            Float80Arithmetic.divide(fpu, 0, a, aExponent, b, bExponent);
            BigInteger[] quotient = unsigned(a).shiftLeft(200).divideAndRemainder(unsigned(b));
            check("/", ((aExponent ^ bExponent) & Float80.SIGN) != 0, quotient[0],
                    power(aExponent) - power(bExponent) - 200, quotient[1].signum() != 0);
        }
    }

    @Test void rootsAreRoundedOnce() {
        for (int i = 0; i < CASES; i++) {
            draw();
            aExponent &= ~Float80.SIGN;
            Float80Root.squareRoot(fpu, 0, a, aExponent);
            int shift = 200 + (power(aExponent) & 1);
            BigInteger[] root = unsigned(a).shiftLeft(shift).sqrtAndRemainder();
            check("sqrt", false, root[0], power(aExponent) - shift >> 1, root[1].signum() != 0);
        }
    }

    private void draw() {
        fpu.initialize();
        fpu.control(0x7f | new int[] {0, 2, 3}[random.nextInt(3)] << 8 | random.nextInt(4) << 10);
        a = significand();
        b = random.nextInt(8) == 0 ? a + random.nextInt(3) - 1 | Float80.INTEGER_BIT : significand();
        int middle = switch (random.nextInt(4)) {
            case 0 -> 100;
            case 1 -> 0x7fff - 100;
            default -> Float80.EXPONENT_BIAS;
        };
        aExponent = random.nextInt(2) << 15 | middle + random.nextInt(180) - 90;
        bExponent = random.nextInt(2) << 15 | (random.nextBoolean() ? middle : Float80.EXPONENT_BIAS)
                + random.nextInt(180) - 90;
        if (random.nextInt(20) == 0) {
            a = a >>> 1 + random.nextInt(63);
            aExponent &= Float80.SIGN;
        }
    }

    private long significand() {
        return Float80.INTEGER_BIT | switch (random.nextInt(4)) {
            case 0 -> random.nextLong() << random.nextInt(64);
            case 1 -> -1L << random.nextInt(64);
            case 2 -> random.nextLong() << 24 | random.nextInt(3) - 1 & 0xff_ffff;
            default -> random.nextLong();
        };
    }

    /** Compares register 0 with a magnitude, in units of a power of two, that may have been chopped. */
    private void check(String operation, boolean negative, BigInteger magnitude, int power, boolean chopped) {
        int precision = switch (fpu.control() >> 8 & 3) {
            case 0 -> 24;
            case 2 -> 53;
            default -> 64;
        };
        int mode = fpu.control() >> 10 & 3;
        // The last kept bit: by precision, but not below that of the denormals.
        int last = Math.max(magnitude.bitLength() + power - precision, LEAST + 64 - precision);
        int drop = last - power;
        BigInteger kept = drop > 0 ? magnitude.shiftRight(drop) : magnitude.shiftLeft(-drop);
        BigInteger rest = drop > 0 ? magnitude.subtract(kept.shiftLeft(drop)) : BigInteger.ZERO;
        boolean inexact = rest.signum() != 0 || chopped;
        int half = drop > 0 ? rest.compareTo(BigInteger.ONE.shiftLeft(drop - 1)) : -1;
        boolean away = inexact && switch (mode) {
            case 0 -> half > 0 || half == 0 && (chopped || kept.testBit(0));
            case 1 -> negative;
            case 2 -> !negative;
            default -> false;
        };
        kept = (away ? kept.add(BigInteger.ONE) : kept).shiftLeft(Math.max(0, last - LEAST));
        int exponent = Math.max(0, kept.bitLength() - 64) + (kept.bitLength() >= 64 ? 1 : 0);
        long significand = kept.shiftRight(Math.max(0, kept.bitLength() - 64)).longValue();
        if (exponent >= Float80.EXPONENT_MASK) {
            boolean toInfinity = mode == 0 || mode == (negative ? 1 : 2);
            exponent = toInfinity ? Float80.EXPONENT_MASK : Float80.EXPONENT_MASK - 1;
            significand = toInfinity ? Float80.INTEGER_BIT : -1L << 64 - precision;
        } else {
            assertEquals(inexact, (fpu.status() & X87.PRECISION) != 0, () -> describe(operation));
        }
        assertEquals("%04x:%016x".formatted((negative ? Float80.SIGN : 0) | exponent, significand),
                "%04x:%016x".formatted(fpu.exponents[0], fpu.significands[0]), () -> describe(operation));
    }

    private String describe(String operation) {
        return "%04x:%016x %s %04x:%016x control %04x".formatted(aExponent, a, operation, bExponent, b, fpu.control());
    }

    private static BigInteger exact(long significand, int exponent) {
        BigInteger magnitude = unsigned(significand).shiftLeft(power(exponent) - LEAST);
        return (exponent & Float80.SIGN) != 0 ? magnitude.negate() : magnitude;
    }

    private static int power(int exponent) {
        return Math.max(exponent & Float80.EXPONENT_MASK, 1) - Float80.EXPONENT_BIAS - 63;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
