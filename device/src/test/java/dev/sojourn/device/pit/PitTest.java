package dev.sojourn.device.pit;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.PortDevice;
import dev.sojourn.device.Wire;
import dev.sojourn.state.Section;
import java.util.List;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PitTest {
    private static final int CONTROL = 3;

    private final FakeTime time = new FakeTime();
    private final Wire line = new Wire();
    private final Pit pit = new Pit(time.alarms, line);
    private final PortDevice speaker = pit.speakerPort();

    private void program(int counter, int control, int count) {
        pit.out(CONTROL, 1, control);
        pit.out(counter, 1, count & 0xff);
        pit.out(counter, 1, count >> 8);
    }

    private int count(int counter) {
        pit.out(CONTROL, 1, counter << 6);
        return pit.in(counter, 1) | pit.in(counter, 1) << 8;
    }

    private int status(int counter) {
        pit.out(CONTROL, 1, 0xe0 | 2 << counter);
        return pit.in(counter, 1);
    }

    /** Moves to the time at which so many ticks more are done. */
    private int ticks(long ticks) {
        return time.advance(Pit.FREQUENCY.nanosAt(Pit.FREQUENCY.ticksAt(time.nanos()) + ticks) - time.nanos());
    }

    @Test void rateGeneratorInterruptsOnceAPeriod() {
        program(0, 0x34, 4772);
        int before = line.rises;
        time.advance(1_000_000_000L);
        assertEquals(250, line.rises - before);
        assertTrue(line.high);
    }

    @Test void squareWaveInterruptsOnceAPeriod() {
        program(0, 0x36, 0);
        int before = line.rises;
        time.advance(1_000_000_000L);
        assertEquals(18, line.rises - before);
    }

    @Test void rateGeneratorCountsDownToOneAndReloads() {
        program(0, 0x34, 100);
        ticks(1);
        assertEquals(100, count(0));
        ticks(99);
        assertEquals(1, count(0));
        assertEquals(0, status(0) & 0x80, "output low in the last clock");
        ticks(1);
        assertEquals(100, count(0));
        assertEquals(0x80, status(0) & 0x80);
    }

    @Test void terminalCountInterruptsOnceAndCountsOn() {
        program(0, 0x30, 1000);
        assertFalse(line.high);
        ticks(1000);
        assertFalse(line.high);
        ticks(1);
        assertTrue(line.high);
        ticks(10);
        assertEquals(0x1_0000 - 10, count(0));
        assertEquals(Alarms.NEVER, time.alarms.next());
    }

    @Test void softwareStrobeInterruptsOnceAfterTheStrobe() {
        program(0, 0x38, 50);
        int before = line.rises;
        ticks(51);
        assertEquals(before, line.rises);
        ticks(1);
        assertEquals(before + 1, line.rises);
        time.advance(1_000_000_000L);
        assertEquals(before + 1, line.rises);
    }

    @Test void newCountOfTheStrobeStartsAfresh() {
        program(0, 0x38, 5000);
        int before = line.rises;
        ticks(4000);
        pit.out(0, 1, 5000 & 0xff);
        pit.out(0, 1, 5000 >> 8);
        ticks(5001);
        assertEquals(before, line.rises);
        ticks(1);
        assertEquals(before + 1, line.rises);
    }

    @Test void newCountOfTheRateGeneratorHoldsFromTheNextPeriod() {
        program(0, 0x34, 1000);
        ticks(501);
        pit.out(0, 1, 2000 & 0xff);
        pit.out(0, 1, 2000 >> 8);
        assertEquals(0x40, status(0) & 0x40, "null count");
        assertEquals(500, count(0));
        ticks(500);
        assertEquals(2000, count(0));
        assertEquals(0, status(0) & 0x40);
        int before = line.rises;
        ticks(1999);
        assertEquals(before, line.rises);
        ticks(1);
        assertEquals(before + 1, line.rises);
    }

    @Test void modeWithoutCountStandsStill() {
        program(0, 0x34, 1000);
        pit.out(CONTROL, 1, 0x30);
        assertFalse(line.high);
        assertEquals(Alarms.NEVER, time.alarms.next());
    }

    @Test void latchHoldsTheCountUntilItIsRead() {
        program(0, 0x34, 1000);
        ticks(1);
        pit.out(CONTROL, 1, 0x00);
        ticks(300);
        pit.out(CONTROL, 1, 0x00);
        assertEquals(1000, pit.in(0, 1) | pit.in(0, 1) << 8);
        assertEquals(700, count(0));
    }

    @Test void readBackGivesStatusThenCount() {
        program(2, 0xb6, 0x1234);
        speaker.out(0, 1, 1);
        ticks(1);
        pit.out(CONTROL, 1, 0xc8);
        assertEquals(0xb6, pit.in(2, 1), "output high, both bytes, mode 3, binary");
        assertEquals(0x34, pit.in(2, 1));
        assertEquals(0x12, pit.in(2, 1));
    }

    @Test void singleByteAccessesReachOneHalf() {
        pit.out(CONTROL, 1, 0x24);
        pit.out(0, 1, 0x12);
        ticks(1);
        assertEquals(0x12, pit.in(0, 1), "most significant byte only");
        pit.out(CONTROL, 1, 0x14);
        pit.out(0, 1, 0x34);
        ticks(1);
        assertEquals(0x34, pit.in(0, 1), "least significant byte only");
    }

    @Test void decimalCounterCountsInDecimal() {
        program(0, 0x35, 0x1000);
        ticks(2);
        assertEquals(0x0999, count(0));
    }

    @Test void gateHoldsCounterTwo() {
        program(2, 0xb0, 1000);
        ticks(500);
        assertEquals(1000, count(2));
        speaker.out(0, 1, 1);
        ticks(400);
        assertEquals(600, count(2));
        speaker.out(0, 1, 0);
        ticks(400);
        assertEquals(600, count(2));
        speaker.out(0, 1, 1);
        assertEquals(0, speaker.in(0, 1) & 0x20);
        ticks(600);
        assertEquals(0x20, speaker.in(0, 1) & 0x20);
    }

    @Test void gateTriggersTheOneShot() {
        program(2, 0xb2, 100);
        assertEquals(0x20, speaker.in(0, 1) & 0x20);
        ticks(200);
        speaker.out(0, 1, 1);
        assertEquals(0, speaker.in(0, 1) & 0x20);
        ticks(100);
        assertEquals(0, speaker.in(0, 1) & 0x20);
        ticks(1);
        assertEquals(0x20, speaker.in(0, 1) & 0x20);
    }

    @Test void speakerPortKeepsFourBitsAndShowsRefresh() {
        speaker.out(0, 1, 0xff);
        int first = speaker.in(0, 1);
        assertEquals(0x0f, first & 0x0f);
        time.advance(15_085);
        assertEquals(0x10, (first ^ speaker.in(0, 1)) & 0x10);
    }

    /** Linux calibrates the TSC by polling the output of counter 2. */
    @Test void calibrationLoopOfLinuxSeesFiftyMilliseconds() {
        speaker.out(0, 1, speaker.in(0, 1) & ~2 | 1);
        program(2, 0xb0, 1_193_182 / 20);
        long start = time.nanos();
        while ((speaker.in(0, 1) & 0x20) == 0) {
            time.advance(1_000);
        }
        assertEquals(50_000_000, time.nanos() - start, 3_000);
    }

    @Test void accessToAnotherCounterDoesNotLoseADueEdge() {
        program(0, 0x34, 1000);
        int before = line.rises;
        time.jump(900_000);
        pit.out(CONTROL, 1, 0x00);
        program(2, 0xb0, 7);
        time.alarms.runDue();
        assertEquals(before + 1, line.rises);
    }

    @Test void shortestPeriodIsBounded() {
        program(0, 0x34, 1);
        int runs = time.advance(10_000_000);
        assertTrue(runs <= 10_000_000 / Pit.PERIOD_NANOS_MIN + 1, runs + " alarms");
    }

    @Test void gateThatFallsWithTheLoadHoldsTheWholeCount() {
        speaker.out(0, 1, 1);
        program(2, 0xb0, 0);
        speaker.out(0, 1, 0);
        ticks(10);
        assertEquals(0, count(2), "65,536");
        speaker.out(0, 1, 1);
        ticks(1);
        assertEquals(0xffff, count(2));
    }

    @Test void impossibleStateIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> new CounterState(6, 3, false, 1, 0, true, true, true, 0, -1, false, -1, -1));
        assertThrows(IllegalArgumentException.class,
                () -> new CounterState(2, 3, false, 0, 0, true, true, true, 0, -1, false, -1, -1));
        assertThrows(IllegalArgumentException.class,
                () -> new CounterState(2, 3, false, 1, 0, true, true, true, -1, -1, false, -1, -1));
        assertThrows(IllegalArgumentException.class, () -> new PitState(List.of(), 0));
    }

    @Test void surviveAMadGuest() {
        int[] ports = {0x40, 0x41, 0x42, 0x43, 0x43, 0x61};
        new Hammer(0x8254, time, new int[] {1}, ports).strike(subject(), subject());
    }

    private Hammer.Subject<List<Section>> subject() {
        Wire wire = new Wire();
        Pit chip = new Pit(time.alarms, wire);
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) {
                return address == 0x61 ? chip.speakerPort().in(0, size) : chip.in(address - 0x40, size);
            }

            @Override public void write(int address, int size, long value) {
                if (address == 0x61) {
                    chip.speakerPort().out(0, size, (int) value);
                } else {
                    chip.out(address - 0x40, size, (int) value);
                }
            }
        };
        return Hammer.saved(access, () -> wire.high, chip);
    }
}
