package dev.sojourn.interfaces.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sojourn.device.Frequency;
import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.interfaces.ProcessorPlatform;
import dev.sojourn.interfaces.Rig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a processor owes its guest between calls: stolen time, flushes that others asked for, its state. */
class ProcessorTest {
    private static final int STEAL_TIME = 0x4b56_4d03;
    private static final int SYSTEM_TIME = 0x4b56_4d01;
    private static final int PV_EOI = 0x4b56_4d04;
    private static final long AT = 0x2000;
    private static final long PREEMPTED = AT + 16;

    private final Rig rig = new Rig(new KvmInterface(), 2, ExitTrace.NONE);
    private final ProcessorPlatform first = rig.processors.getFirst();

    @AfterEach void close() { rig.close(); }

    private void write(int msr, long value) { first.cpu.msrs.write(first.cpu, msr, value); }

    @Test void waitingForATurnIsStolenTime() {
        write(STEAL_TIME, AT | 1);
        first.enter();
        rig.nanos += 1000;
        first.leave();
        assertEquals(1, rig.memory.getByte(PREEMPTED));
        rig.nanos += 300;
        first.enter();
        assertEquals(0, rig.memory.getByte(PREEMPTED));
        assertEquals(300, rig.memory.getLong(AT));
        assertEquals(0, rig.memory.getInt(AT + 8) & 1);
    }

    @Test void waitingInHaltIsNot() {
        write(STEAL_TIME, AT | 1);
        first.cpu.halted = true;
        first.leave();
        rig.nanos += 300;
        first.enter();
        assertEquals(0, rig.memory.getLong(AT));
    }

    @Test void flushThatAnotherAskedForIsDoneBeforeTheTurn() {
        write(STEAL_TIME, AT | 1);
        first.leave();
        rig.memory.putByte(PREEMPTED, 3);
        long epoch = first.cpu.mmu.epoch;
        first.enter();
        assertEquals(0, rig.memory.getByte(PREEMPTED));
        assertEquals(true, first.cpu.mmu.epoch != epoch);
    }

    @Test void initForgetsAll() {
        write(STEAL_TIME, AT | 1);
        write(SYSTEM_TIME, 0x3001);
        write(PV_EOI, 0x4001);
        first.init();
        for (int msr : new int[] {STEAL_TIME, SYSTEM_TIME, PV_EOI}) {
            assertEquals(0, first.cpu.msrs.read(first.cpu, msr));
        }
    }

    @Test void clockIsStableWhileCountersAgree() {
        write(SYSTEM_TIME, 0x3001);
        assertEquals(1, rig.memory.getByte(0x3000 + 29));
        rig.nanos = 5000;
        rig.processors.get(1).cpu.msrs.write(rig.processors.get(1).cpu, 0x3b, 77);
        assertEquals(0, rig.memory.getByte(0x3000 + 29));
        assertEquals(5000, rig.memory.getLong(0x3000 + 8));
        assertEquals(5000, rig.memory.getLong(0x3000 + 16));
    }

    @Test void stateComesBack() {
        Rig other = new Rig(new KvmInterface(), 1, ExitTrace.NONE);
        KvmInterface.Machine machine = (KvmInterface.Machine) rig.side;
        KvmInterface.Machine copy = (KvmInterface.Machine) other.side;
        write(STEAL_TIME, AT | 1);
        write(SYSTEM_TIME, 0x3001);
        write(PV_EOI, 0x4001);
        State state = machine.processors.getFirst().registers();
        copy.processors.getFirst().restore(state);
        assertEquals(state, copy.processors.getFirst().registers());
        assertEquals(new State(0x3001, AT | 1, 0x4001, false, 0), state);
        other.close();
    }

    /** By the guest's formula a second of ticks must be a second. */
    @ParameterizedTest
    @ValueSource(longs = {25_000_000, 999_999_999, 1_000_000_000, 1_000_000_001, 2_400_000_000L, 8_999_999_999L})
    void scaleTurnsTicksIntoNanoseconds(long hertz) {
        Frequency frequency = new Frequency(hertz);
        int shift = Clock.shift(frequency);
        long scaled = shift < 0 ? hertz >>> -shift : hertz << shift;
        long nanos = Math.multiplyHigh(scaled << 32, Clock.multiplier(frequency, shift) & 0xffff_ffffL);
        nanos = nanos == 0 ? scaled * (Clock.multiplier(frequency, shift) & 0xffff_ffffL) >>> 32 : nanos;
        assertEquals(1e9, nanos, 2);
    }
}
