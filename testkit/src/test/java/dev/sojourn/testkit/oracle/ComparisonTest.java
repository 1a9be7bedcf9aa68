package dev.sojourn.testkit.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int AF = 0x10;

    private final Case c = Cases.of(false, 1, 2, 0x01, 0xc8);

    @Test void sameOutcomesHaveNoDifferences() {
        assertEquals("", differences(new Outcome(c.before(), Fault.NONE)));
    }

    @Test void otherRegisterIsShownWithTheCase() {
        ProcessorState after = with(c.before().rflags(), 99, c.before().fx());
        String text = differences(new Outcome(after, Fault.NONE));
        assertTrue(text.contains("[01 c8]"), text);
        assertTrue(text.contains("rax"), text);
        assertTrue(text.contains("63"), text);
    }

    @Test void undefinedFlagsMayDiffer() {
        Case loose = new Case("and", 0, c.code(), false, c.before(), new Looseness(AF, 0, false, false, 0));
        Outcome expected = new Outcome(c.before(), Fault.NONE);
        Outcome actual = new Outcome(with(c.before().rflags() | AF, 1, c.before().fx()), Fault.NONE);
        assertEquals("", Comparison.differences(loose, expected, actual));
        assertTrue(Comparison.differences(c, expected, actual).contains("rflags"));
    }

    @Test void undefinedFlagsMayNotDifferAfterAPageFault() {
        Case loose = new Case("and", 0, c.code(), false, c.before(), new Looseness(AF, 0, false, false, 0));
        Fault fault = Fault.of(Fault.PAGE_FAULT, 4, 0x1000);
        Outcome actual = new Outcome(with(c.before().rflags() | AF, 1, c.before().fx()), fault);
        assertTrue(Comparison.differences(loose, new Outcome(c.before(), fault), actual).contains("rflags"));
    }

    @Test void toleranceReachesAcrossAPowerOfTwo() {
        Case loose = new Case("fsin", 0, c.code(), false, c.before(), new Looseness(0, 0, false, false, 2));
        byte[] below = extended(0x3ffe, -1L);
        byte[] above = extended(0x3fff, Long.MIN_VALUE);
        byte[] far = extended(0x3fff, Long.MIN_VALUE + 3);
        Outcome expected = new Outcome(with(0x202, 1, below), Fault.NONE);
        Outcome near = new Outcome(with(0x202, 1, above), Fault.NONE);
        assertEquals("", Comparison.differences(loose, expected, near));
        Outcome wrong = new Outcome(with(0x202, 1, far), Fault.NONE);
        assertTrue(Comparison.differences(loose, expected, wrong).contains("st0"));
    }

    private String differences(Outcome actual) {
        return Comparison.differences(c, new Outcome(c.before(), Fault.NONE), actual);
    }

    private ProcessorState with(long rflags, long rax, byte[] fx) {
        long[] general = c.before().general().clone();
        general[0] = rax;
        return new ProcessorState(c.before().rip(), rflags, general, fx, c.before().windows());
    }

    private byte[] extended(int signExponent, long significand) {
        byte[] fx = c.before().fx().clone();
        for (int i = 0; i < 8; i++) {
            fx[ProcessorState.FX_STACK + i] = (byte) (significand >> 8 * i);
        }
        fx[ProcessorState.FX_STACK + 8] = (byte) signExponent;
        fx[ProcessorState.FX_STACK + 9] = (byte) (signExponent >> 8);
        return fx;
    }
}
