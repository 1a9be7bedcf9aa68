package dev.sojourn.interfaces.hyperv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time, idleness, ends of interrupts and state of a virtual processor. */
class ProcessorTest {
    private static final int RESET = 0x4000_0003;
    private static final int VP_RUNTIME = 0x4000_0010;
    private static final int REFERENCE_TSC = 0x4000_0021;
    private static final int GUEST_IDLE = 0x4000_00f0;
    private static final int SIMP = 0x4000_0083;
    private static final int SINT2 = 0x4000_0092;
    private static final int STIMER0_CONFIG = 0x4000_00b0;
    private static final int STIMER0_COUNT = 0x4000_00b1;
    private static final int IN_SERVICE = 0x120;

    private final Rig rig = new Rig(new HypervInterface(), 2, ExitTrace.NONE);
    private final ProcessorPlatform first = rig.processors.getFirst();

    @AfterEach void close() { rig.close(); }

    private void write(int msr, long value) { first.cpu.msrs.write(first.cpu, msr, value); }

    private long read(int msr) { return first.cpu.msrs.read(first.cpu, msr); }

    private void direct(int vector, long units) {
        first.apic.write(0xf0, 4, 0x1ff);
        write(STIMER0_CONFIG, 0x1008 | vector << 4);
        write(STIMER0_COUNT, units);
    }

    @Test void runtimeCountsTurnsOnly() {
        first.enter();
        rig.nanos += 1000;
        first.leave();
        rig.nanos += 5000;
        first.enter();
        rig.nanos += 200;
        assertEquals(12, read(VP_RUNTIME));
    }

    @Test void resetIsAsked() {
        write(RESET, 1);
        assertEquals(1, rig.resets);
    }

    @Test void idleEndsWithAnInterruptThatCannotBeTaken() {
        direct(0x50, 10);
        read(GUEST_IDLE);
        assertTrue(first.cpu.halted);
        first.enter();
        assertTrue(first.cpu.halted);
        rig.nanos = 1000;
        rig.alarms.runDue();
        first.enter();
        assertFalse(first.cpu.halted);
    }

    @Test void idleDoesNotBeginWithOneThere() {
        direct(0x50, 1);
        rig.nanos = 1000;
        rig.alarms.runDue();
        read(GUEST_IDLE);
        assertFalse(first.cpu.halted);
    }

    @Test void sourceMayEndItsInterruptsItself() {
        write(SINT2, 0x2_0050);
        direct(0x50, 1);
        rig.nanos = 1000;
        rig.alarms.runDue();
        assertEquals(0x50, first.acknowledge(first.cpu));
        assertEquals(0, first.apic.read(IN_SERVICE, 4));
    }

    @Test void counterThatDiffersMakesTheReferencePageUseless() {
        write(REFERENCE_TSC, 0x3001);
        assertEquals(1, rig.memory.getInt(0x3000));
        rig.processors.get(1).cpu.msrs.write(rig.processors.get(1).cpu, 0x3b, 1050);
        assertEquals(0, rig.memory.getInt(0x3000));
        write(0x3b, 1050);
        assertEquals(2, rig.memory.getInt(0x3000));
        assertEquals(-10, rig.memory.getLong(0x3010));
    }

    @Test void stateComesBack() {
        write(SIMP, 0x5001);
        write(SINT2, 0x60);
        write(STIMER0_CONFIG, 0x2_0008);
        write(STIMER0_COUNT, 1000);
        State state = ((Partition) rig.side).processors.getFirst().registers();
        Rig other = new Rig(new HypervInterface(), 1, ExitTrace.NONE);
        Processor copy = ((Partition) other.side).processors.getFirst();
        copy.restore(state);
        assertEquals(0x5001, copy.registers().messagePage());
        assertArrayEquals(state.sources(), copy.registers().sources());
        assertArrayEquals(state.timers(), copy.registers().timers());
        assertEquals(100_000, other.alarms.next());
        copy.reset();
        assertEquals(Long.MAX_VALUE, other.alarms.next());
        other.close();
    }

    /** By the guest's formula a second of ticks must be ten million units, or the last of them not quite over. */
    @ParameterizedTest
    @ValueSource(longs = {25_000_000, 999_999_999, 1_000_000_000, 2_400_000_000L, 8_999_999_999L})
    void scaleTurnsTicksIntoUnits(long hertz) {
        assertEquals(10_000_000, Math.unsignedMultiplyHigh(hertz, Clock.scale(hertz)), 1);
    }
}
