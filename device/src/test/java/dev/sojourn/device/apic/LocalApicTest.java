package dev.sojourn.device.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.device.Alarms;
import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Frequency;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalApicTest {
    private static final int ID = 0x20;
    private static final int VERSION = 0x30;
    private static final int TPR = 0x80;
    private static final int PPR = 0xa0;
    private static final int EOI = 0xb0;
    private static final int LDR = 0xd0;
    private static final int DFR = 0xe0;
    private static final int SVR = 0xf0;
    private static final int ISR = 0x100;
    private static final int IRR = 0x200;
    private static final int ESR = 0x280;
    private static final int ICR = 0x300;
    private static final int ICR2 = 0x310;
    private static final int LVTT = 0x320;
    private static final int LVTPC = 0x340;
    private static final int LVT0 = 0x350;
    private static final int LVT1 = 0x360;
    private static final int LVTERR = 0x370;
    private static final int TMICT = 0x380;
    private static final int TMCCT = 0x390;
    private static final int TDCR = 0x3e0;

    private static final int MASKED = 0x10000;
    private static final int PERIODIC = 0x20000;
    private static final int DEADLINE = 0x40000;
    private static final int DIVIDE_BY_1 = 0xb;

    private final FakeTime time = new FakeTime();
    private final ApicBus bus = new ApicBus();
    private final Cpu cpu = new Cpu();
    private final LocalApic apic =
            new LocalApic(3, true, bus, time.alarms, new Frequency(1_000_000_000), cpu, cpu);

    @BeforeEach void enable() { write(SVR, 0x1ff); }

    private int read(int register) { return (int) apic.read(register, 4); }

    private void write(int register, int value) { apic.write(register, 4, Integer.toUnsignedLong(value)); }

    private void request(int vector) { apic.accept(DeliveryMode.FIXED, vector, false); }

    @Test void identityAndVersionAreReadOnly() {
        write(ID, -1);
        write(VERSION, -1);
        assertEquals(3 << 24, read(ID));
        assertEquals(0x0005_0014, read(VERSION));
    }

    @Test void powerOnIsDisabledBySoftwareAndMasked() {
        LocalApic fresh = new LocalApic(4, false, bus, time.alarms, new Frequency(1), cpu, cpu);
        assertEquals(0xff, fresh.read(SVR, 4));
        assertEquals(0xffff_ffffL, fresh.read(DFR, 4));
        for (int lvt = LVTT; lvt <= LVTERR; lvt += 0x10) {
            assertEquals(MASKED, fresh.read(lvt, 4));
        }
        assertFalse(fresh.accept(DeliveryMode.FIXED, 0x40, false));
    }

    @Test void requestIsTakenServedAndEnded() {
        request(0x41);
        assertTrue(apic.hasInterrupt());
        assertEquals(1, cpu.changes);
        assertEquals(0x2, read(IRR + 0x20));
        assertEquals(0x41, apic.acknowledge());
        assertFalse(apic.hasInterrupt());
        assertEquals(2, cpu.changes);
        assertEquals(0, read(IRR + 0x20));
        assertEquals(0x2, read(ISR + 0x20));
        assertEquals(0x40, read(PPR));
        write(EOI, 0);
        assertEquals(0, read(ISR + 0x20));
        assertEquals(0, read(PPR));
    }

    @Test void onlyAHigherClassInterrupts() {
        request(0x45);
        apic.acknowledge();
        request(0x4f);
        assertFalse(apic.hasInterrupt(), "same class");
        request(0x51);
        assertEquals(0x51, apic.acknowledge());
        write(EOI, 0);
        assertFalse(apic.hasInterrupt());
        write(EOI, 0);
        assertEquals(0x4f, apic.acknowledge());
    }

    @Test void taskPriorityHoldsItsClassBack() {
        apic.taskPriority(4);
        assertEquals(0x40, read(TPR));
        request(0x4f);
        assertFalse(apic.hasInterrupt());
        write(TPR, 0x3f);
        assertTrue(apic.hasInterrupt());
        assertEquals(3, apic.taskPriority());
        assertEquals(0x3f, read(PPR));
    }

    @Test void acknowledgeOfNothingGivesTheSpuriousVector() {
        write(SVR, 0x1ef);
        assertEquals(0xef, apic.acknowledge());
        assertEquals(0, read(ISR + 0x70));
    }

    @Test void illegalVectorIsAnErrorAndItsInterrupt() {
        write(LVTERR, 0xfe);
        request(0x0f);
        assertEquals(0xfe, apic.acknowledge());
        assertEquals(0, read(ESR), "not before it is written");
        write(ESR, 0);
        assertEquals(0x40, read(ESR));
        write(ESR, 0);
        assertEquals(0, read(ESR));
    }

    @Test void illegalRegisterIsAnError() {
        assertEquals(0, read(0x40));
        write(ESR, 0);
        assertEquals(0x80, read(ESR));
    }

    @Test void selfInterruptTakesTheShorthand() {
        write(ICR, 0x40000 | 0x61);
        assertEquals(0x61, apic.acknowledge());
        write(ICR, 0x40000 | 0x0e);
        write(ESR, 0);
        assertEquals(0x20, read(ESR), "send illegal vector");
    }

    @Test void oneShotTimerInterruptsOnce() {
        write(TDCR, DIVIDE_BY_1);
        write(LVTT, 0xec);
        write(TMICT, 1_000_000);
        time.advance(400_000);
        assertEquals(600_000, read(TMCCT));
        time.advance(599_999);
        assertFalse(apic.hasInterrupt());
        time.advance(1);
        assertEquals(0xec, apic.acknowledge());
        assertEquals(0, read(TMCCT));
        assertEquals(Alarms.NEVER, time.alarms.next());
    }

    @Test void dividerSlowsTheTimer() {
        write(TDCR, 0x3);
        write(LVTT, 0xec);
        write(TMICT, 1000);
        time.advance(8_000);
        assertEquals(500, read(TMCCT));
        write(TDCR, 0x0);
        assertEquals(500, read(TMCCT));
        time.advance(1_000);
        assertTrue(apic.hasInterrupt());
    }

    @Test void periodicTimerRepeatsAndReloads() {
        write(TDCR, DIVIDE_BY_1);
        write(LVTT, PERIODIC | 0xec);
        write(TMICT, 1_000_000);
        for (int i = 0; i < 3; i++) {
            time.advance(1_000_000);
            assertEquals(0xec, apic.acknowledge());
            write(EOI, 0);
            assertEquals(1_000_000, read(TMCCT));
        }
    }

    @Test void latePeriodicTimerKeepsItsPhase() {
        write(TDCR, DIVIDE_BY_1);
        write(LVTT, PERIODIC | 0xec);
        write(TMICT, 1_000_000);
        time.jump(5_300_000);
        assertEquals(700_000, read(TMCCT));
        time.alarms.runDue();
        assertEquals(6_000_000, time.alarms.next());
    }

    @Test void zeroCountStopsTheTimer() {
        write(LVTT, PERIODIC | 0xec);
        write(TMICT, 1000);
        write(TMICT, 0);
        assertEquals(Alarms.NEVER, time.alarms.next());
    }

    @Test void maskedTimerRunsWithoutInterrupt() {
        write(TDCR, DIVIDE_BY_1);
        write(LVTT, MASKED | 0xec);
        write(TMICT, 1000);
        time.advance(2000);
        assertFalse(apic.hasInterrupt());
        assertEquals(0, read(TMCCT));
    }

    @Test void deadlineInterruptsWhenTheCounterReachesIt() {
        write(LVTT, DEADLINE | 0xec);
        apic.deadline(20_000);
        assertEquals(20_000, apic.deadline());
        time.advance(9_999);
        assertFalse(apic.hasInterrupt());
        time.advance(1);
        assertTrue(apic.hasInterrupt());
        assertEquals(0, apic.deadline(), "disarmed");
    }

    @Test void deadlineInThePastInterruptsAtOnce() {
        write(LVTT, DEADLINE | 0xec);
        time.advance(1000);
        apic.deadline(1);
        time.alarms.runDue();
        assertTrue(apic.hasInterrupt());
    }

    @Test void deadlineFollowsTheTimeStampCounter() {
        write(LVTT, DEADLINE | 0xec);
        apic.deadline(20_000);
        cpu.offset = 10_000;
        apic.timeStampCounterChanged();
        time.advance(5_000);
        assertTrue(apic.hasInterrupt());
    }

    @Test void deadlineIsIgnoredInOtherModesAndCountInThis() {
        apic.deadline(20_000);
        assertEquals(0, apic.deadline());
        write(LVTT, DEADLINE | 0xec);
        write(TMICT, 1000);
        assertEquals(0, read(TMICT));
        assertEquals(0, read(TMCCT));
    }

    @Test void changeOfModeDisarms() {
        write(LVTT, DEADLINE | 0xec);
        apic.deadline(20_000);
        write(LVTT, 0xec);
        assertEquals(0, apic.deadline());
        write(TMICT, 1000);
        write(LVTT, DEADLINE | 0xec);
        assertEquals(Alarms.NEVER, time.alarms.next());
    }

    @Test void shortestPeriodIsBounded() {
        write(TDCR, DIVIDE_BY_1);
        write(LVTT, PERIODIC | 0xec);
        write(TMICT, 1);
        int runs = time.advance(1_000_000);
        assertTrue(runs <= 1_000_000 / ApicTimer.PERIOD_NANOS_MIN + 1, runs + " alarms");
    }

    @Test void lint0PassesThePicOn() {
        bus.external(() -> 0x30);
        write(LVT0, 0x700);
        bus.lint0().set(true);
        assertTrue(apic.hasInterrupt());
        request(0x81);
        assertEquals(0x30, apic.acknowledge());
        bus.lint0().set(false);
        assertEquals(0x81, apic.acknowledge());
    }

    @Test void maskedLint0HoldsThePicBack() {
        write(LVT0, MASKED | 0x700);
        bus.lint0().set(true);
        assertFalse(apic.hasInterrupt());
        write(LVT0, 0x700);
        assertTrue(apic.hasInterrupt());
    }

    @Test void fixedLint0TakesEachEdge() {
        write(LVT0, 0x31);
        bus.lint0().pulse();
        assertEquals(0x31, apic.acknowledge());
        write(EOI, 0);
        assertFalse(apic.hasInterrupt());
    }

    @Test void levelLint0RepeatsUntilTheWireFalls() {
        write(LVT0, 0x8031);
        bus.lint0().set(true);
        assertEquals(0xc031, read(LVT0), "remote IRR");
        assertEquals(0x31, apic.acknowledge());
        write(EOI, 0);
        assertEquals(0x31, apic.acknowledge());
        bus.lint0().set(false);
        write(EOI, 0);
        assertFalse(apic.hasInterrupt());
        assertEquals(0x8031, read(LVT0));
    }

    @Test void lint1RaisesNmi() {
        write(LVT1, 0x400);
        bus.lint1().set(true);
        bus.lint1().set(true);
        assertEquals(1, cpu.nmis);
    }

    @Test void virtualWireConnectsThePicWithoutTheGuest() {
        write(SVR, 0xff);
        apic.virtualWire();
        bus.lint0().set(true);
        assertTrue(apic.hasInterrupt());
        assertEquals(0x700, read(LVT0));
        assertEquals(0x400, read(LVT1));
    }

    @Test void softwareDisableMasksAndKeepsMasked() {
        write(LVTT, 0xec);
        write(SVR, 0xff);
        assertEquals(MASKED | 0xec, read(LVTT));
        write(LVTPC, 0x400);
        assertEquals(MASKED | 0x400, read(LVTPC));
        write(SVR, 0x1ff);
        write(LVTPC, 0x400);
        assertEquals(0x400, read(LVTPC));
    }

    @Test void globalDisableLosesStateAndUncoversThePins() {
        assertEquals(0xfee0_0900L, apic.apicBase());
        write(LDR, 0x0100_0000);
        request(0x41);
        apic.apicBase(0xfee0_0000L);
        assertFalse(apic.hasInterrupt());
        assertEquals(-1, read(SVR));
        assertEquals(0xfee0_0100L, apic.apicBase());
        bus.lint0().set(true);
        assertTrue(apic.hasInterrupt());
        bus.lint1().set(true);
        assertEquals(1, cpu.nmis);
        bus.lint0().set(false);
        apic.apicBase(0xfee0_0900L);
        assertEquals(0xff, read(SVR));
        assertEquals(0, read(LDR));
    }

    @Test void apicBaseAllowsNoX2apic() {
        assertTrue(LocalApic.apicBaseAllowed(0xfee0_0900L));
        assertFalse(LocalApic.apicBaseAllowed(0xfee0_0d00L));
        assertFalse(LocalApic.apicBaseAllowed(1L << 52));
    }

    @Test void onlyWholeAlignedRegistersAreWritten() {
        apic.write(TPR, 1, 0x40);
        apic.write(TPR + 4, 4, 0x40);
        assertEquals(0, read(TPR));
        write(TPR, 0x1240);
        assertEquals(0x40, apic.read(TPR, 1));
        assertEquals(0, apic.read(TPR + 4, 4));
        assertEquals(0x14, apic.read(VERSION, 1) & 0xff);
        assertEquals(0x05, apic.read(VERSION + 2, 1) & 0xff);
    }

    @Test void impossibleStateIsRefused() {
        LocalApicState good = apic.state();
        assertThrows(IllegalArgumentException.class, () -> new LocalApicState(true, 0, 0, 0, 0, 0, new int[7],
                good.tmr(), good.irr(), 0, 0, 0, 0, good.lvt(), 0, 0, 0, 0, false, false, false));
        assertThrows(IllegalArgumentException.class, () -> new LocalApicState(true, 0, 0, 0, 0, 0, good.isr(),
                good.tmr(), good.irr(), 0, 0, 0, 0, good.lvt(), 0, 0, -1, 0, false, false, false));
        assertThrows(IllegalArgumentException.class, () -> new LocalApic(255, false, bus, time.alarms, new Frequency(1),
                cpu, cpu));
    }

    @Test void stateSurvivesTheRoundTrip() {
        request(0x41);
        write(TDCR, DIVIDE_BY_1);
        write(LVTT, 0xec);
        write(TMICT, 1_000_000);
        LocalApicState saved = apic.state();
        time.advance(2_000_000);
        apic.acknowledge();
        apic.restore(saved);
        time.alarms.runDue();
        assertEquals(0xec, apic.acknowledge(), "the timer was due meanwhile");
        write(EOI, 0);
        assertEquals(0x41, apic.acknowledge());
    }

    @Test void initForgetsAllButIdentityAndBase() {
        write(TPR, 0x20);
        write(LDR, 0x0100_0000);
        request(0x41);
        write(LVTT, PERIODIC | 0xec);
        write(TMICT, 1000);
        apic.accept(DeliveryMode.INIT, 0, false);
        assertEquals(1, cpu.inits);
        assertFalse(apic.hasInterrupt());
        assertEquals(0, read(TPR));
        assertEquals(0, read(LDR));
        assertEquals(0xff, read(SVR));
        assertEquals(3 << 24, read(ID));
        assertEquals(Alarms.NEVER, time.alarms.next());
    }
}
