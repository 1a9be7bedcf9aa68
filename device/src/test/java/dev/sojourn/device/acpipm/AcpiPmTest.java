package dev.sojourn.device.acpipm;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.Wire;
import dev.sojourn.state.Section;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AcpiPmTest {
    private static final int STATUS = 0;
    private static final int ENABLE = 2;
    private static final int CONTROL = 4;
    private static final int TIMER = 8;

    private final FakeTime time = new FakeTime();
    private final Wire sci = new Wire();
    private final List<String> asked = new ArrayList<>();
    private final AcpiPm pm = new AcpiPm(time.alarms, sci, new Asks(asked));

    private record Asks(List<String> asked) implements PowerControl {
        @Override public void powerOff() { asked.add("power off"); }

        @Override public void reset() { asked.add("reset"); }
    }

    @Test void timerCountsAtItsFrequency() {
        time.advance(1_000_000_000L);
        assertEquals(3_579_545, pm.in(TIMER, 4));
        pm.out(TIMER, 4, 0);
        assertEquals(3_579_545, pm.in(TIMER, 4), "read-only");
    }

    @Test void timerHas32BitsAndWraps() {
        time.advance(AcpiPm.FREQUENCY.nanosAt(0xffff_ffffL));
        assertEquals(-1, pm.in(TIMER, 4));
        time.advance(AcpiPm.FREQUENCY.nanosAt(0x1_0000_0000L) - time.nanos());
        assertEquals(0, pm.in(TIMER, 4));
    }

    @Test void changeOfTheTopBitIsAnEvent() {
        time.advance(AcpiPm.FREQUENCY.nanosAt(1L << 31) - 1);
        assertEquals(0, pm.in(STATUS, 2));
        time.advance(1);
        assertEquals(1, pm.in(STATUS, 2));
        pm.out(STATUS, 2, 1);
        assertEquals(0, pm.in(STATUS, 2));
    }

    @Test void enabledTimerEventInterrupts() {
        assertEquals(Alarms.NEVER, time.alarms.next());
        pm.out(ENABLE, 2, 1);
        time.advance(AcpiPm.FREQUENCY.nanosAt(1L << 31));
        assertTrue(sci.high);
        pm.out(STATUS, 2, 1);
        assertFalse(sci.high);
    }

    @Test void powerButtonInterruptsAGuestThatListens() {
        pm.pressPowerButton();
        assertFalse(sci.high);
        pm.out(ENABLE, 2, 0x100);
        assertTrue(sci.high);
        assertEquals(0x0100_0100, pm.in(STATUS, 4));
        pm.out(STATUS + 1, 1, 0x01);
        assertFalse(sci.high);
    }

    @Test void sleepStateFiveTurnsOff() {
        pm.out(CONTROL, 2, 5 << 10);
        assertEquals(List.of(), asked);
        pm.out(CONTROL, 2, 5 << 10 | 1 << 13);
        assertEquals(List.of("power off"), asked);
    }

    @Test void otherSleepStatesAreIgnored() {
        for (int type = 0; type < 5; type++) {
            pm.out(CONTROL, 2, type << 10 | 1 << 13);
        }
        assertEquals(List.of(), asked);
    }

    @Test void sleepEnableReadsAsZeroAndAcpiModeStays() {
        pm.out(CONTROL, 2, 0x3c00);
        assertEquals(0x1c01, pm.in(CONTROL, 2));
    }

    @Test void bytesReachTheirHalves() {
        pm.out(ENABLE + 1, 1, 0x07);
        pm.out(ENABLE, 1, 0x20);
        assertEquals(0x0720, pm.in(ENABLE, 2));
        assertEquals(0x07, pm.in(ENABLE + 1, 1));
    }

    @Test void gapBeforeTheTimerReadsAsOnes() { assertEquals(0xffff, pm.in(6, 2)); }

    @Test void resetNeedsARiseOfItsBit() {
        pm.resetRegister().out(0, 1, 0x02);
        assertEquals(List.of(), asked);
        pm.resetRegister().out(0, 1, 0x06);
        pm.resetRegister().out(0, 1, 0x06);
        assertEquals(List.of("reset"), asked);
        assertEquals(0x06, pm.resetRegister().in(0, 1));
    }

    @Test void surviveAMadGuest() {
        new Hammer(0xac91, time, new int[] {1, 2, 4}, Hammer.range(0, 13, 1)).strike(subject(), subject());
    }

    private Hammer.Subject<List<Section>> subject() {
        Wire wire = new Wire();
        List<String> heard = new ArrayList<>();
        AcpiPm chip = new AcpiPm(time.alarms, wire, new Asks(heard));
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) {
                return address < AcpiPm.PORTS ? chip.in(address, size) : chip.resetRegister().in(0, 1);
            }

            @Override public void write(int address, int size, long value) {
                if (address < AcpiPm.PORTS) {
                    chip.out(address, size, (int) value);
                } else {
                    chip.resetRegister().out(0, 1, (int) value);
                }
            }
        };
        return Hammer.saved(access, () -> wire.high + " " + heard.size(), chip);
    }
}
