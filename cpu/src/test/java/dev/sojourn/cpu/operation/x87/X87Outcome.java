package dev.sojourn.cpu.operation.x87;

/**
 * What an instruction leaves behind, written as a line of hexadecimal words; empty registers count as zero:
 *
 * <pre>control status tags exponent:st0 exponent:st1 high:memory eflags</pre>
 */
record X87Outcome(int control, int status, int tags, int exponent0, long significand0, int exponent1, long significand1,
        int high, long low, int eflags) {

    static X87Outcome parse(String line) {
        X87Case words = X87Case.parse("0 0 " + line.strip());
        return new X87Outcome(words.control(), words.status(), words.tags(), words.exponent0(), words.significand0(),
                words.exponent1(), words.significand1(), words.high(), words.low(), words.eflags());
    }

    @Override public String toString() {
        return "%04x %04x %04x %04x:%016x %04x:%016x %04x:%016x %02x".formatted(control, status, tags, exponent0,
                significand0, exponent1, significand1, high, low, eflags);
    }

    /** Whether both agree but for a last bit of the registers, and C1, which tells the direction of rounding. */
    boolean near(X87Outcome other) {
        return control == other.control && (status & ~X87.C1) == (other.status & ~X87.C1) && tags == other.tags
                && near(exponent0, significand0, other.exponent0, other.significand0)
                && near(exponent1, significand1, other.exponent1, other.significand1);
    }

    private static boolean near(int exponent, long significand, int otherExponent, long otherSignificand) {
        if (exponent == otherExponent) {
            return Math.abs(significand - otherSignificand) <= 1;
        }
        long carried = exponent > otherExponent ? significand : otherSignificand;
        long full = exponent > otherExponent ? otherSignificand : significand;
        return Math.abs(exponent - otherExponent) == 1 && carried == Float80.INTEGER_BIT && full == -1L;
    }
}
