package dev.sojourn.device.apic;

import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Frequency;
import dev.sojourn.device.Hammer;
import dev.sojourn.state.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ApicBusTest {
    private static final int LDR = 0xd0;
    private static final int DFR = 0xe0;
    private static final int SVR = 0xf0;
    private static final int EOI = 0xb0;
    private static final int ICR = 0x300;
    private static final int ICR2 = 0x310;

    private final FakeTime time = new FakeTime();
    private final ApicBus bus = new ApicBus();
    private final List<Cpu> cpus = IntStream.range(0, 4).mapToObj(_ -> new Cpu()).toList();
    private final List<LocalApic> apics = IntStream.range(0, 4).mapToObj(this::enabled).toList();

    private LocalApic enabled(int id) {
        LocalApic apic = new LocalApic(id, id == 0, bus, time.alarms, new Frequency(1_000_000_000), cpus.get(id),
                cpus.get(id));
        apic.write(SVR, 4, 0x1ff);
        apic.write(LDR, 4, 1L << 24 + id);
        return apic;
    }

    private void send(int from, int high, int low) {
        apics.get(from).write(ICR2, 4, Integer.toUnsignedLong(high));
        apics.get(from).write(ICR, 4, Integer.toUnsignedLong(low));
    }

    /** Which processors have an interrupt, as bits. */
    private int interrupted() {
        int bits = 0;
        for (LocalApic apic : apics) {
            bits |= apic.hasInterrupt() ? 1 << apic.id() : 0;
        }
        return bits;
    }

    /** Sent by processor 1; cluster 2 has logical addresses 21, 22, 24, 28. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # ICR low   ICR high    flat   reached
            000040fd,   03000000,   true,  1000
            000040fd,   01000000,   true,  0010
            000040fd,   ff000000,   true,  1111
            000040fd,   07000000,   true,  0000
            000048fd,   05000000,   true,  0101
            000048fd,   ff000000,   true,  1111
            000048fd,   26000000,   false, 0110
            000048fd,   16000000,   false, 0000
            000048fd,   f1000000,   false, 0001
            000048fd,   ff000000,   false, 1111
            000440fd,   00000000,   true,  0010
            000840fd,   00000000,   true,  1111
            000c40fd,   00000000,   true,  1101
            000049fd,   0c000000,   true,  0100
            """)
    void messageReachesItsDestinations(String low, String high, boolean flat, String reached) {
        if (!flat) {
            for (LocalApic apic : apics) {
                apic.write(DFR, 4, 0);
                apic.write(LDR, 4, 0x2000_0000L | 1L << 24 + apic.id());
            }
        }
        send(1, Integer.parseUnsignedInt(high, 16), Integer.parseUnsignedInt(low, 16));
        assertEquals(Integer.parseInt(reached, 2), interrupted());
    }

    @Test void lowestPriorityGoesToTheIdlest() {
        apics.get(0).taskPriority(5);
        apics.get(1).taskPriority(2);
        apics.get(2).taskPriority(9);
        apics.get(3).taskPriority(2);
        assertTrue(bus.send(DeliveryMode.LOWEST_PRIORITY, 0xa1, false, 0x0f, true));
        assertEquals(0b0010, interrupted());
    }

    @Test void startOfASecondProcessorAsLinuxDoesIt() {
        send(0, 2 << 24, 0x0000_c500);
        assertEquals(1, cpus.get(2).inits);
        send(0, 2 << 24, 0x0000_8500);
        assertEquals(1, cpus.get(2).inits, "level de-assert is nothing");
        send(0, 2 << 24, 0x0000_0699);
        assertEquals(0x99, cpus.get(2).startup);
        assertEquals(-1, cpus.get(1).startup);
    }

    @Test void nmiReachesAllOthers() {
        send(0, 0, 0x000c_4400);
        assertEquals(List.of(0, 1, 1, 1), cpus.stream().map(cpu -> cpu.nmis).toList());
    }

    @Test void endOfALevelInterruptIsBroadcast() {
        List<Integer> ended = new ArrayList<>();
        bus.join((ApicBus.EndOfInterruptListener) ended::add);
        bus.send(DeliveryMode.FIXED, 0x51, true, 1, false);
        bus.send(DeliveryMode.FIXED, 0x61, false, 1, false);
        assertEquals(0x61, apics.get(1).acknowledge());
        apics.get(1).write(EOI, 4, 0);
        assertEquals(List.of(), ended);
        assertEquals(0x51, apics.get(1).acknowledge());
        apics.get(1).write(EOI, 4, 0);
        assertEquals(List.of(0x51), ended);
    }

    @Test void nobodyTakesWhatNobodyAnswers() {
        assertFalse(bus.send(DeliveryMode.FIXED, 0x51, false, 9, false));
        assertFalse(bus.send(DeliveryMode.LOWEST_PRIORITY, 0x51, false, 0, true));
    }

    @Test void surviveAMadGuest() {
        int[] registers = Hammer.range(0, 0x42, 0x10);
        new Hammer(0xa91c, time, new int[] {4, 4, 4, 4, 1, 2, 8}, registers).strike(subject(), subject());
    }

    /** Two local APICs that take turns; 0x410 acknowledges, takes a deadline, passes the turn; 0x400 is the wires. */
    private Hammer.Subject<List<Section>> subject() {
        ApicBus own = new ApicBus();
        Cpu cpu = new Cpu();
        LocalApic first = new LocalApic(0, true, own, time.alarms, new Frequency(1_000_000_000), cpu, cpu);
        LocalApic second = new LocalApic(1, false, own, time.alarms, new Frequency(24_000_000), cpu, cpu);
        Hammer.Access access = new Hammer.Access() {
            private LocalApic turn = first;

            @Override public long read(int address, int size) {
                if (address == 0x410) {
                    turn = turn == first ? second : first;
                    return turn.hasInterrupt() ? turn.acknowledge() : -1;
                }
                return turn.read(address, size) & -1L >>> 64 - 8 * size;
            }

            @Override public void write(int address, int size, long value) {
                if (address == 0x400) {
                    own.lint0().set((value & 1) != 0);
                    own.lint1().set((value & 2) != 0);
                    boolean level = (value & 0x20) != 0;
                    own.send(DeliveryMode.of((int) value >> 8), (int) value >> 16 & 0xff, level, 1, false);
                    turn.apicBase(LocalApicState.BASE | ((value & 0x1c) != 0 ? 0x800 : 0));
                } else if (address == 0x410) {
                    turn.deadline(value);
                } else {
                    turn.write(address, size, value);
                }
            }
        };
        return Hammer.saved(access, () -> first.hasInterrupt() + " " + second.hasInterrupt() + " " + first.deadline(), first, second);
    }
}
