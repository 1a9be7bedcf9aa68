package dev.sojourn.device.ioapic;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/**
 * The registers of an I/O APIC.
 *
 * @param select IOREGSEL
 * @param id IOAPICID, 4 bits
 * @param inputs levels of the pins, bit by bit
 * @param redirection the redirection table, one entry a pin
 */
public record IoApicState(int select, int id, int inputs, long[] redirection) {
    public static final IoApicState POWER_ON = new IoApicState(0, 0, 0, masked());

    public IoApicState {
        select &= 0xff;
        id &= 0xf;
        inputs &= (1 << IoApic.PINS) - 1;
        if (redirection.length != IoApic.PINS) {
            throw new IllegalArgumentException(redirection.length + " redirection entries, not " + IoApic.PINS);
        }
        redirection = redirection.clone();
    }

    @Override public long[] redirection() { return redirection.clone(); }

    private static long[] masked() {
        long[] entries = new long[IoApic.PINS];
        java.util.Arrays.fill(entries, IoApic.MASKED);
        return entries;
    }

    void save(StateWriter out) {
        out.number("select", select).number("id", id).number("inputs", inputs).numbers("redirection", redirection);
    }

    static IoApicState read(StateReader in) throws BadState {
        return new IoApicState(in.number("select", 0, 0xff), in.number("id", 0, 0xf), in.number("inputs", 0, (1 << IoApic.PINS) - 1),
                in.numbersOf("redirection", IoApic.PINS));
    }
}
