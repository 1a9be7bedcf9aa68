package dev.sojourn.device.rtc;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.Wire;
import dev.sojourn.state.Section;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RtcTest {
    private static final int A = 0x0a;
    private static final int B = 0x0b;
    private static final int C = 0x0c;
    private static final int D = 0x0d;
    private static final int CENTURY = 0x32;

    /** A Saturday. */
    private static final long POWER_ON = Instant.parse("2025-11-29T23:59:58Z").getEpochSecond() * 1_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final FakeTime time = new FakeTime();
    private final Wire line = new Wire();
    private final Rtc rtc = new Rtc(time.alarms, line, () -> POWER_ON + time.nanos());

    private int read(int register) {
        rtc.out(0, 1, register);
        return rtc.in(1, 1);
    }

    private void write(int register, int value) {
        rtc.out(0, 1, register);
        rtc.out(1, 1, value);
    }

    private String now() {
        return "%02x%02x-%02x-%02x %02x:%02x:%02x day %x".formatted(read(CENTURY), read(9), read(8), read(7), read(4),
                read(2), read(0), read(6));
    }

    private void set(int century, int year, int month, int day, int hour, int minute, int second) {
        write(B, read(B) | 0x80);
        write(CENTURY, century);
        write(9, year);
        write(8, month);
        write(7, day);
        write(4, hour);
        write(2, minute);
        write(0, second);
        write(B, read(B) & 0x7f);
    }

    @Test void showsTheWallClockInDecimal() {
        assertEquals("2025-11-29 23:59:58 day 7", now());
        time.advance(2 * SECOND);
        assertEquals("2025-11-30 00:00:00 day 1", now());
    }

    @Test void showsBinaryIfAsked() {
        write(B, 0x06);
        assertEquals(59, read(2));
        assertEquals(20, read(CENTURY));
        assertEquals(25, read(9));
    }

    @Test void twelveHourClockMarksTheAfternoon() {
        write(B, 0x00);
        assertEquals(0x91, read(4));
        time.advance(2 * SECOND);
        assertEquals(0x12, read(4), "midnight");
    }

    @Test void timeThatIsSetRunsOn() {
        set(0x20, 0x24, 0x02, 0x28, 0x23, 0x59, 0x59);
        assertEquals("2024-02-28 23:59:59 day 4", now());
        time.advance(SECOND);
        assertEquals("2024-02-29 00:00:00 day 5", now());
    }

    @Test void twelveHourTimeCanBeSet() {
        write(B, 0x00);
        set(0x20, 0x24, 0x02, 0x28, 0x81, 0x30, 0x00);
        write(B, 0x02);
        assertEquals("2024-02-28 13:30:00 day 4", now());
    }

    @Test void timeStandsStillWhileItIsSet() {
        write(B, 0x82);
        time.advance(10 * SECOND);
        assertEquals("2025-11-29 23:59:58 day 7", now());
        write(B, 0x02);
        assertEquals("2025-11-29 23:59:58 day 7", now());
        time.advance(SECOND);
        assertEquals("2025-11-29 23:59:59 day 7", now());
    }

    @Test void singleRegisterCanBeSetOnTheRun() {
        write(2, 0x30);
        assertEquals("2025-11-29 23:30:58 day 7", now());
    }

    @Test void releasedDividerUpdatesAfterHalfASecond() {
        write(A, 0x76);
        time.advance(10 * SECOND);
        write(A, 0x26);
        time.advance(SECOND / 2 - 1);
        assertEquals(0x58, read(0));
        time.advance(1);
        assertEquals(0x59, read(0));
    }

    @Test void nonsenseIsCarriedOver() {
        set(0x20, 0x25, 0x13, 0x32, 0x00, 0x00, 0x00);
        assertEquals("2026-02-01 00:00:00 day 1", now());
    }

    @Test void updateInProgressRisesBeforeTheSecond() {
        time.advance(SECOND - 244_001);
        assertEquals(0x26, read(A));
        time.advance(1);
        assertEquals(0xa6, read(A));
        time.advance(244_000);
        assertEquals(0x26, read(A));
    }

    @Test void powerOnIsAValidClockWithoutInterrupts() {
        assertEquals(0x26, read(A));
        assertEquals(0x02, read(B));
        assertEquals(0x00, read(C));
        assertEquals(0x80, read(D));
        assertEquals(Alarms.NEVER, time.alarms.next());
        assertEquals(0xff, rtc.in(0, 1), "the index cannot be read");
    }

    @Test void memoryRemembers() {
        write(0x0f, 0x0a);
        write(0x7f, 0x55);
        assertEquals(0x0a, read(0x0f));
        assertEquals(0x55, read(0x80 | 0x7f), "bit 7 of the index is not an address");
    }

    @Test void updateInterruptComesEachSecond() {
        write(B, 0x12);
        time.advance(SECOND);
        assertTrue(line.high);
        assertEquals(0x90, read(C) & ~0x40, "PF is set as well but not enabled");
    }

    @Test void readOfStatusCLowersTheInterrupt() {
        write(B, 0x12);
        time.advance(SECOND);
        read(C);
        assertFalse(line.high);
        assertEquals(0x00, read(C));
        time.advance(SECOND);
        assertTrue(line.high);
    }

    @Test void flagsAreSetWithoutTheirInterrupt() {
        time.advance(SECOND);
        assertEquals(0x50, read(C));
        assertFalse(line.high);
    }

    @Test void alarmInterruptsWhenTheTimeMatches() {
        write(5, 0x00);
        write(3, 0x00);
        write(1, 0x05);
        write(B, 0x22);
        time.advance(7 * SECOND - 1);
        assertFalse(line.high);
        time.advance(1);
        assertTrue(line.high);
        assertEquals(0xa0, read(C) & 0xa0);
        time.advance(86_399 * SECOND);
        assertFalse(line.high);
        time.advance(SECOND);
        assertTrue(line.high, "every day");
    }

    @Test void doNotCareAlarmMatchesEveryMinute() {
        write(5, 0xff);
        write(3, 0xc0);
        write(1, 0x10);
        write(B, 0x22);
        for (int minute = 0; minute < 3; minute++) {
            time.advance(60 * SECOND);
            assertEquals(0xa0, read(C) & 0xa0);
        }
        assertEquals(3, line.rises);
    }

    @Test void impossibleAlarmNeverComes() {
        write(5, 0x77);
        write(B, 0x22);
        assertEquals(Alarms.NEVER, time.alarms.next());
    }

    @Test void periodicInterruptHasItsRate() {
        write(B, 0x42);
        int runs = 0;
        for (int i = 0; i < 1024; i++) {
            time.advance(SECOND / 1024 + 1);
            runs += line.high ? 1 : 0;
            read(C);
        }
        assertEquals(1024, runs);
    }

    @Test void slowestRateIsTwoHertz() {
        write(A, 0x2f);
        write(B, 0x42);
        assertEquals(SECOND / 2, time.alarms.next());
    }

    @Test void unansweredInterruptCostsNoAlarms() {
        write(A, 0x23);
        write(B, 0x42);
        assertEquals(1, time.advance(SECOND));
    }

    @Test void settingEndsTheUpdateInterrupt() {
        write(B, 0x92);
        assertEquals(0x82, read(B));
    }

    @Test void wallClockThatStepsBackIsFollowed() {
        long[] wall = {POWER_ON};
        Rtc stepped = new Rtc(time.alarms, line, () -> wall[0]);
        stepped.out(0, 1, B);
        stepped.out(1, 1, 0x32);
        wall[0] -= 3600 * SECOND;
        stepped.out(0, 1, 4);
        assertEquals(0x22, stepped.in(1, 1));
    }

    @Test void impossibleStateIsRefused() {
        RtcState good = rtc.state();
        assertThrows(IllegalArgumentException.class, () -> new RtcState(0, new byte[64], 0, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class,
                () -> new RtcState(0, good.memory(), 0, Long.MIN_VALUE, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new RtcState(0, good.memory(), 0, 0, -1, 0, 0));
    }

    @Test void clockRunsWhileTheMachineIsSaved() {
        RtcState saved = rtc.state();
        Rtc later = new Rtc(time.alarms, line, () -> POWER_ON + 3600 * SECOND + time.nanos());
        later.restore(saved);
        later.out(0, 1, 4);
        assertEquals(0x00, later.in(1, 1), "an hour after 23:59:58");
    }

    @Test void surviveAMadGuest() {
        new Hammer(0x146818, time, new int[] {1}, Hammer.range(0, 0x33, 1)).strike(subject(), subject());
    }

    private Hammer.Subject<List<Section>> subject() {
        Wire wire = new Wire();
        Rtc chip = new Rtc(time.alarms, wire, () -> POWER_ON + time.nanos());
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) {
                chip.out(0, 1, address);
                return chip.in(1, size);
            }

            @Override public void write(int address, int size, long value) {
                chip.out(0, 1, address);
                chip.out(1, size, (int) value);
            }
        };
        return Hammer.saved(access, () -> wire.high, chip);
    }
}
