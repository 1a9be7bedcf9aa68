package dev.sojourn.device.pic;

import dev.sojourn.device.FakeTime;
import dev.sojourn.device.Hammer;
import dev.sojourn.device.PortDevice;
import dev.sojourn.device.Wire;
import dev.sojourn.state.Section;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PicPairTest {
    private static final int EOI = 0x20;
    private static final int READ_IRR = 0x0a;
    private static final int READ_ISR = 0x0b;

    private final Wire intr = new Wire();
    private final PicPair pics = new PicPair(intr);
    private final PortDevice first = pics.first();
    private final PortDevice second = pics.second();

    /** ICW1 to ICW4 as Linux writes them, then everything unmasked. */
    @BeforeEach void initialise() { initialise(0x01); }

    private void initialise(int icw4) {
        command(first, 0x11);
        data(first, 0x30, 0x04, icw4, 0x00);
        command(second, 0x11);
        data(second, 0x38, 0x02, icw4, 0x00);
    }

    private static void command(PortDevice pic, int value) { pic.out(0, 1, value); }

    private static void data(PortDevice pic, int... values) {
        for (int value : values) {
            pic.out(1, 1, value);
        }
    }

    private static int read(PortDevice pic, int command) {
        command(pic, command);
        return pic.in(0, 1);
    }

    @Test void powerOnIsMaskedAndQuiet() {
        PicPair fresh = new PicPair(intr);
        fresh.line(1).set(true);
        assertFalse(intr.high);
        assertEquals(0xff, fresh.first().in(1, 1));
    }

    @Test void maskReadsBackAsTheProbeOfLinuxWants() {
        data(second, 0xff);
        data(first, 0xfb);
        assertEquals(0xfb, first.in(1, 1));
    }

    @Test void edgeIsRequestedServedAndEnded() {
        pics.line(4).pulse();
        assertTrue(intr.high);
        assertEquals(0x10, read(first, READ_IRR));
        assertEquals(0x34, pics.acknowledge());
        assertFalse(intr.high);
        assertEquals(0x00, read(first, READ_IRR));
        assertEquals(0x10, read(first, READ_ISR));
        command(first, EOI);
        assertEquals(0x00, read(first, READ_ISR));
    }

    @Test void heldWireRequestsOnceIfEdgeTriggered() {
        pics.line(4).set(true);
        pics.line(4).set(true);
        pics.acknowledge();
        command(first, EOI);
        assertFalse(intr.high);
    }

    @Test void maskedRequestWaits() {
        data(first, 0x10);
        pics.line(4).pulse();
        assertFalse(intr.high);
        data(first, 0x00);
        assertTrue(intr.high);
    }

    @Test void higherPriorityInterruptsLowerWaits() {
        pics.line(4).pulse();
        assertEquals(0x34, pics.acknowledge());
        pics.line(5).pulse();
        assertFalse(intr.high);
        pics.line(1).pulse();
        assertTrue(intr.high);
        assertEquals(0x31, pics.acknowledge());
        command(first, EOI);
        assertFalse(intr.high, "4 still in service");
        command(first, EOI);
        assertEquals(0x35, pics.acknowledge());
    }

    @Test void secondControllerIsServedThroughInputTwo() {
        pics.line(8).pulse();
        assertTrue(intr.high);
        assertEquals(0x38, pics.acknowledge());
        assertEquals(0x04, read(first, READ_ISR));
        assertEquals(0x01, read(second, READ_ISR));
        command(second, EOI);
        command(first, EOI);
        assertFalse(intr.high);
    }

    @Test void requestsOfTheSecondControllerFollowEachOther() {
        pics.line(12).pulse();
        pics.line(14).pulse();
        assertEquals(0x3c, pics.acknowledge());
        command(second, 0x60 | 4);
        command(first, 0x60 | 2);
        assertTrue(intr.high);
        assertEquals(0x3e, pics.acknowledge());
    }

    @Test void acknowledgeOfNothingIsSpuriousAndNotInService() {
        assertEquals(0x37, pics.acknowledge());
        assertEquals(0x00, read(first, READ_ISR));
    }

    @Test void requestMaskedAtTheSecondControllerIsWithdrawnAtTheFirst() {
        pics.line(9).pulse();
        assertTrue(intr.high);
        data(second, 0x02);
        assertFalse(intr.high);
        data(second, 0x00);
        assertEquals(0x39, pics.acknowledge());
    }

    @Test void levelRequestsUntilTheWireFalls() {
        pics.edgeLevel().out(0, 1, 0x20);
        pics.line(5).set(true);
        assertEquals(0x35, pics.acknowledge());
        assertFalse(intr.high);
        command(first, EOI);
        assertTrue(intr.high);
        pics.acknowledge();
        pics.line(5).set(false);
        command(first, EOI);
        assertFalse(intr.high);
    }

    @Test void timerKeyboardCascadeClockAndCoprocessorStayEdgeTriggered() {
        pics.edgeLevel().out(0, 1, 0xff);
        pics.edgeLevel().out(1, 1, 0xff);
        assertEquals(0xf8, pics.edgeLevel().in(0, 1));
        assertEquals(0xde, pics.edgeLevel().in(1, 1));
    }

    @Test void automaticEndLeavesNothingInService() {
        initialise(0x03);
        pics.line(4).pulse();
        assertEquals(0x34, pics.acknowledge());
        assertEquals(0x00, read(first, READ_ISR));
    }

    @Test void specificEndEndsWhatItNames() {
        pics.line(4).pulse();
        pics.acknowledge();
        pics.line(1).pulse();
        pics.acknowledge();
        command(first, 0x60 | 4);
        assertEquals(0x02, read(first, READ_ISR));
    }

    @Test void rotationMakesTheServedInputLowest() {
        pics.line(4).pulse();
        pics.acknowledge();
        command(first, 0xa0);
        pics.line(4).pulse();
        pics.line(5).pulse();
        assertEquals(0x35, pics.acknowledge());
    }

    @Test void setPriorityNamesTheLowest() {
        command(first, 0xc0 | 5);
        pics.line(0).pulse();
        pics.line(6).pulse();
        assertEquals(0x36, pics.acknowledge());
    }

    @Test void specialMaskLetsLowerRequestsThrough() {
        pics.line(3).pulse();
        pics.acknowledge();
        data(first, 0x08);
        pics.line(5).pulse();
        assertFalse(intr.high);
        command(first, 0x68);
        assertEquals(0x35, pics.acknowledge());
    }

    @Test void pollAcknowledges() {
        pics.line(6).pulse();
        assertEquals(0x86, read(first, 0x0c));
        assertEquals(0x40, read(first, READ_ISR));
        assertEquals(0x00, read(first, 0x0c));
    }

    @Test void initialisationForgetsRequestsAndMasks() {
        pics.line(4).pulse();
        data(first, 0xff);
        initialise();
        assertFalse(intr.high);
        assertEquals(0x00, first.in(1, 1));
    }

    @Test void singleControllerTakesNoThirdWord() {
        command(first, 0x13);
        data(first, 0x40, 0x01, 0xaa);
        assertEquals(0xaa, first.in(1, 1));
    }

    @Test void surviveAMadGuest() {
        new Hammer(0x8259A, new FakeTime(), new int[] {1}, 0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1, 0, 1)
                .strike(subject(), subject());
    }

    /** Address 0 is the processor's acknowledge, address 1 the devices' wires. */
    private static Hammer.Subject<List<Section>> subject() {
        Wire wire = new Wire();
        PicPair chip = new PicPair(wire);
        Hammer.Access access = new Hammer.Access() {
            @Override public long read(int address, int size) {
                return switch (address) {
                    case 0 -> chip.acknowledge();
                    case 1 -> 0;
                    default -> device(address).in(address & 1, size);
                };
            }

            @Override public void write(int address, int size, long value) {
                switch (address) {
                    case 0 -> chip.first().out(0, 1, EOI);
                    case 1 -> chip.line((int) value & 0xf).set((value & 0x10) != 0);
                    default -> device(address).out(address & 1, size, (int) value);
                }
            }

            private PortDevice device(int address) {
                return address >= 0x4d0 ? chip.edgeLevel() : address >= 0xa0 ? chip.second() : chip.first();
            }
        };
        return Hammer.saved(access, () -> wire.high, chip);
    }
}
