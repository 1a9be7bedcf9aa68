package dev.sojourn.testkit.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeProcessorTest {
    private static final int RSP = 4;

    private NativeProcessor processor;

    @BeforeEach void start() {
        assumeTrue(NativeProcessor.available());
        processor = new NativeProcessor();
    }

    @AfterEach void stop() {
        if (processor != null) {
            processor.close();
        }
    }

    @Test void additionLeavesSumAndFlags() {
        Outcome outcome = run(Cases.of(false, 0x7fff_ffffL, 1, 0x01, 0xc8));
        assertEquals(Fault.NONE, outcome.fault());
        assertEquals(0x8000_0000L, outcome.after().general()[0]);
        assertEquals(0x202 | 0x800 | 0x80 | 0x10 | 0x4, outcome.after().rflags());
        assertEquals(Layout.CODE + 2, outcome.after().rip());
    }

    @Test void loadFromNowhereIsAPageFaultWithItsAddress() {
        assertEquals(Fault.of(14, 4, 0x1000), run(Cases.of(false, 0x1000, 0, 0x8b, 0x00)).fault());
    }

    @Test void storeToReadOnlyDataIsAProtectionFault() {
        assertEquals(Fault.of(14, 7, Layout.READ_ONLY), run(Cases.of(false, Layout.READ_ONLY, 0, 0x88, 0x00)).fault());
    }

    @Test void jumpToDataIsAFetchFault() {
        assertEquals(Fault.of(14, 0x15, Layout.LAST), run(Cases.of(false, Layout.LAST, 0, 0xff, 0xe0)).fault());
    }

    @Test void divisionByZeroFaultsAtItself() {
        Outcome outcome = run(Cases.of(false, 5, 0, 0xf7, 0xf1));
        assertEquals("#DE", outcome.fault().toString());
        assertEquals(Layout.CODE, outcome.after().rip());
    }

    @Test void singleStepTrapsBehindTheInstruction() {
        Outcome outcome = run(Cases.withFlags(false, 0x302, 0, 0, 0x90));
        assertEquals("#DB", outcome.fault().toString());
        assertEquals(Layout.CODE + 1, outcome.after().rip());
    }

    @Test void pushWritesTheWindow() {
        Outcome outcome = run(Cases.of(false, 0x1234, 0, 0x50));
        assertEquals(Layout.SECOND - 8, outcome.after().general()[RSP]);
        int offset = Layout.windowOffset(Layout.SECOND - 8);
        assertEquals(0x34, outcome.after().windows()[offset]);
        assertEquals(0x12, outcome.after().windows()[offset + 1]);
    }

    @Test void storeOutsideTheWindowsStraysAndIsUndone() {
        Case stray = Cases.of(false, Layout.FIRST, 0x55, 0x88, 0x08);
        assertEquals(Fault.STRAYED, run(stray).fault());
        Outcome load = run(Cases.of(false, Layout.FIRST, 0, 0x0f, 0xb6, 0x00));
        assertEquals(Layout.fill(Layout.FIRST) & 0xff, load.after().general()[0]);
    }

    @Test void endlessLoopTimesOutAndTheNextCaseRuns() {
        Case endless = Cases.of(false, 0, 0, 0xeb, 0xfe);
        Case next = Cases.of(false, 1, 0, 0xff, 0xc0);
        List<Outcome> outcomes = processor.run(List.of(endless, next));
        assertEquals(Fault.TIMEOUT, outcomes.getFirst().fault());
        assertEquals(2, outcomes.getLast().after().general()[0]);
    }

    @Test void compatibilityModeAdjustsDecimals() {
        assumeTrue(processor.runsBits32());
        Outcome outcome = run(Cases.of(true, 0x9a, 0, 0x27));
        assertEquals(Fault.NONE, outcome.fault());
        assertEquals(0, outcome.after().general()[0]);
    }

    @Test void moreCasesThanABatchKeepTheirOrder() {
        List<Case> cases = Collections.nCopies(1500, Cases.of(false, 1, 0, 0xff, 0xc0));
        assertEquals(1500, processor.run(cases).stream().filter(o -> o.after().general()[0] == 2).count());
    }

    private Outcome run(Case c) { return processor.run(List.of(c)).getFirst(); }
}
