package dev.sojourn.cpu.operation.x87;

/**
 * The power series behind the long functions, with their coefficients as 128-bit fractions, upper word first.
 *
 * <p>A series is summed from its smallest term up, at a fraction. All coefficients are halved, so that the first, which
 * is one, fits; the sum is therefore half of what the series says. Enough terms are there for 100 correct bits.
 */
final class X87Series {
    /** 1 / (k + 1)!, at up to ln 2: (exp x - 1) / x. */
    static final long[] EXPONENTIAL = {
        0x8000000000000000L, 0x0000000000000000L,
        0x4000000000000000L, 0x0000000000000000L,
        0x1555555555555555L, 0x5555555555555555L,
        0x0555555555555555L, 0x5555555555555555L,
        0x0111111111111111L, 0x1111111111111111L,
        0x002d82d82d82d82dL, 0x82d82d82d82d82d8L,
        0x0006806806806806L, 0x8068068068068068L,
        0x0000d00d00d00d00L, 0xd00d00d00d00d00dL,
        0x0000171de3a556c7L, 0x338faac1c88e5001L,
        0x0000024fc9f6ef13L, 0xeb8e5de02da7d4cdL,
        0x00000035cc8acfeaL, 0x89c71fce8fc97070L,
        0x000000047bb63bfeL, 0x3625ed5136a61eb4L,
        0x000000005849184eL, 0xa1b425f28e0cc749L,
        0x00000000064e5d2aL, 0x301f27482eb7c517L,
        0x00000000006b9fcfL, 0x9ccee07c476195acL,
        0x000000000006b9fcL, 0xf9ccee07c476195bL,
        0x000000000000654bL, 0x1dc0c2b529ac9814L,
        0x00000000000005a0L, 0x9e18ee5f65deec01L,
        0x000000000000004bL, 0xd26d1a05055c9328L,
        0x0000000000000003L, 0xca8574804044a0f5L,
        0x0000000000000000L, 0x2e371dedb9eae318L,
        0x0000000000000000L, 0x0219c72db6ff0a53L,
        0x0000000000000000L, 0x001761b41316381aL,
        0x0000000000000000L, 0x0000f96780cb97acL,
        0x0000000000000000L, 0x000009f9e66e8b30L,
        0x0000000000000000L, 0x000000623a17f1a9L,
        0x0000000000000000L, 0x00000003a356385cL,
        0x0000000000000000L, 0x000000002143144cL,
    };

    /** 1 / (2k + 1)!, at the square of up to pi / 4: sin x / x. */
    static final long[] SINE = {
        0x8000000000000000L, 0x0000000000000000L,
        0x1555555555555555L, 0x5555555555555555L,
        0x0111111111111111L, 0x1111111111111111L,
        0x0006806806806806L, 0x8068068068068068L,
        0x0000171de3a556c7L, 0x338faac1c88e5001L,
        0x00000035cc8acfeaL, 0x89c71fce8fc97070L,
        0x000000005849184eL, 0xa1b425f28e0cc749L,
        0x00000000006b9fcfL, 0x9ccee07c476195acL,
        0x000000000000654bL, 0x1dc0c2b529ac9814L,
        0x000000000000004bL, 0xd26d1a05055c9328L,
        0x0000000000000000L, 0x2e371dedb9eae318L,
        0x0000000000000000L, 0x001761b41316381aL,
        0x0000000000000000L, 0x000009f9e66e8b30L,
        0x0000000000000000L, 0x00000003a356385cL,
        0x0000000000000000L, 0x0000000001259f99L,
    };

    /** 1 / (2k)!, at the square of up to pi / 4: cos x. */
    static final long[] COSINE = {
        0x8000000000000000L, 0x0000000000000000L,
        0x4000000000000000L, 0x0000000000000000L,
        0x0555555555555555L, 0x5555555555555555L,
        0x002d82d82d82d82dL, 0x82d82d82d82d82d8L,
        0x0000d00d00d00d00L, 0xd00d00d00d00d00dL,
        0x0000024fc9f6ef13L, 0xeb8e5de02da7d4cdL,
        0x000000047bb63bfeL, 0x3625ed5136a61eb4L,
        0x00000000064e5d2aL, 0x301f27482eb7c517L,
        0x000000000006b9fcL, 0xf9ccee07c476195bL,
        0x00000000000005a0L, 0x9e18ee5f65deec01L,
        0x0000000000000003L, 0xca8574804044a0f5L,
        0x0000000000000000L, 0x0219c72db6ff0a53L,
        0x0000000000000000L, 0x0000f96780cb97acL,
        0x0000000000000000L, 0x000000623a17f1a9L,
        0x0000000000000000L, 0x000000002143144cL,
        0x0000000000000000L, 0x000000000009c996L,
    };

    /** 1 / (2k + 1), at the square of up to 1 / 16: arctan x / x. */
    static final long[] ARCTANGENT = {
        0x8000000000000000L, 0x0000000000000000L,
        0x2aaaaaaaaaaaaaaaL, 0xaaaaaaaaaaaaaaabL,
        0x1999999999999999L, 0x999999999999999aL,
        0x1249249249249249L, 0x2492492492492492L,
        0x0e38e38e38e38e38L, 0xe38e38e38e38e38eL,
        0x0ba2e8ba2e8ba2e8L, 0xba2e8ba2e8ba2e8cL,
        0x09d89d89d89d89d8L, 0x9d89d89d89d89d8aL,
        0x0888888888888888L, 0x8888888888888889L,
        0x0787878787878787L, 0x8787878787878788L,
        0x06bca1af286bca1aL, 0xf286bca1af286bcaL,
        0x0618618618618618L, 0x6186186186186186L,
        0x0590b21642c8590bL, 0x21642c8590b21643L,
    };

    /** 1 / (2k + 1), at the square of up to 3 - 2 sqrt 2: artanh x / x. */
    static final long[] AREA_TANGENT = {
        0x8000000000000000L, 0x0000000000000000L,
        0x2aaaaaaaaaaaaaaaL, 0xaaaaaaaaaaaaaaabL,
        0x1999999999999999L, 0x999999999999999aL,
        0x1249249249249249L, 0x2492492492492492L,
        0x0e38e38e38e38e38L, 0xe38e38e38e38e38eL,
        0x0ba2e8ba2e8ba2e8L, 0xba2e8ba2e8ba2e8cL,
        0x09d89d89d89d89d8L, 0x9d89d89d89d89d8aL,
        0x0888888888888888L, 0x8888888888888889L,
        0x0787878787878787L, 0x8787878787878788L,
        0x06bca1af286bca1aL, 0xf286bca1af286bcaL,
        0x0618618618618618L, 0x6186186186186186L,
        0x0590b21642c8590bL, 0x21642c8590b21643L,
        0x051eb851eb851eb8L, 0x51eb851eb851eb85L,
        0x04bda12f684bda12L, 0xf684bda12f684bdaL,
        0x0469ee58469ee584L, 0x69ee58469ee5846aL,
        0x0421084210842108L, 0x4210842108421084L,
        0x03e0f83e0f83e0f8L, 0x3e0f83e0f83e0f84L,
        0x03a83a83a83a83a8L, 0x3a83a83a83a83a84L,
        0x03759f22983759f2L, 0x2983759f2298375aL,
        0x0348348348348348L, 0x3483483483483483L,
        0x031f3831f3831f38L, 0x31f3831f3831f383L,
        0x02fa0be82fa0be82L, 0xfa0be82fa0be82faL,
        0x02d82d82d82d82d8L, 0x2d82d82d82d82d83L,
    };

    private X87Series() {}

    /** Sums a series whose signs are all plus. */
    static void sum(X87Wide sum, long[] coefficients, long xHigh, long xLow) {
        int last = coefficients.length - 2;
        sum.set(coefficients[last], coefficients[last + 1]);
        for (int i = last - 2; i >= 0; i -= 2) {
            sum.multiply(xHigh, xLow);
            sum.add(coefficients[i], coefficients[i + 1]);
        }
    }

    /** Sums a series whose signs alternate; the sum is never rounded up to one half, which it only comes near. */
    static void alternate(X87Wide sum, long[] coefficients, long xHigh, long xLow) {
        int last = coefficients.length - 2;
        sum.set(coefficients[last], coefficients[last + 1]);
        for (int i = last - 2; i >= 0; i -= 2) {
            sum.multiply(xHigh, xLow);
            sum.subtractFrom(coefficients[i], coefficients[i + 1]);
        }
        if (sum.high < 0) {
            sum.set(Long.MAX_VALUE, -1L);
        }
    }
}
