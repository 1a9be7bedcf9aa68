package dev.sojourn.device.ioapic;

import dev.sojourn.device.InterruptLine;
import dev.sojourn.device.MemoryDevice;
import dev.sojourn.device.apic.ApicBus;
import dev.sojourn.device.apic.DeliveryMode;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** An 82093AA I/O APIC with 24 pins. */
public final class IoApic implements MemoryDevice, Stateful {
    public static final int PINS = 24;
    /** Size of the register window. */
    public static final int BYTES = 0x1000;
    /** Where a PC has its first I/O APIC. */
    public static final long BASE = 0xfec0_0000L;

    static final long MASKED = 1 << 16;

    private static final int IOREGSEL = 0x00;
    private static final int IOWIN = 0x10;
    private static final int EOIR = 0x40;

    private static final int IOAPICID = 0;
    private static final int IOAPICVER = 1;
    private static final int IOAPICARB = 2;
    private static final int IOREDTBL = 0x10;

    private static final int VERSION = 0x20 | PINS - 1 << 16;

    private static final long REMOTE_IRR = 1 << 14;
    private static final long LEVEL = 1 << 15;
    private static final long LOGICAL = 1 << 11;
    private static final long WRITABLE_LOW = 0x1_afff;

    private final ApicBus bus;
    private final long[] redirection = new long[PINS];
    private int select;
    private int id;
    private int inputs;

    public IoApic(ApicBus bus) {
        this.bus = bus;
        restore(IoApicState.POWER_ON);
        bus.join(this::endOfInterrupt);
    }

    public IoApicState state() { return new IoApicState(select, id, inputs, redirection); }

    public void restore(IoApicState state) {
        select = state.select();
        id = state.id();
        inputs = state.inputs();
        System.arraycopy(state.redirection(), 0, redirection, 0, PINS);
    }

    @Override public void save(StateWriter out) { state().save(out); }

    @Override public void restore(StateReader in) throws BadState {
        restore(IoApicState.read(in));
    }

    /** The wire into one pin. */
    public InterruptLine line(int pin) {
        if (pin < 0 || pin >= PINS) {
            throw new IllegalArgumentException("No pin " + pin);
        }
        return high -> input(pin, high);
    }

    @Override public long read(long offset, int size) {
        int value = switch ((int) offset & ~3) {
            case IOREGSEL -> select;
            case IOWIN -> read(select);
            default -> 0;
        };
        return Integer.toUnsignedLong(value) >>> 8 * (offset & 3);
    }

    @Override public void write(long offset, int size, long value) {
        switch ((int) offset) {
            case IOREGSEL -> select = (int) value & 0xff;
            case IOWIN -> {
                if (size >= 4) {
                    write(select, value & 0xffff_ffffL);
                }
            }
            case EOIR -> endOfInterrupt((int) value & 0xff);
            default -> { }
        }
    }

    private int read(int register) {
        if (register >= IOREDTBL && register < IOREDTBL + 2 * PINS) {
            long entry = redirection[register - IOREDTBL >> 1];
            return (int) ((register & 1) == 0 ? entry : entry >>> 32);
        }
        return switch (register) {
            case IOAPICID, IOAPICARB -> id << 24;
            case IOAPICVER -> VERSION;
            default -> 0;
        };
    }

    private void write(int register, long value) {
        if (register == IOAPICID) {
            id = (int) value >> 24 & 0xf;
        } else if (register >= IOREDTBL && register < IOREDTBL + 2 * PINS) {
            int pin = register - IOREDTBL >> 1;
            redirection[pin] = (register & 1) == 0 ? low(redirection[pin], value) : high(redirection[pin], value);
            level(pin);
        }
    }

    /** An entry that is made edge-triggered forgets its remote IRR; guests use that as an end of interrupt. */
    private static long low(long entry, long value) {
        long keeps = (value & LEVEL) != 0 ? entry & REMOTE_IRR : 0;
        return entry & 0xffff_ffff_0000_0000L | keeps | value & WRITABLE_LOW;
    }

    private static long high(long entry, long value) { return entry & 0xffff_ffffL | (value & 0xff00_0000L) << 32; }

    private void input(int pin, boolean high) {
        int bit = 1 << pin;
        if ((inputs & bit) != 0 == high) {
            return;
        }
        inputs ^= bit;
        if ((redirection[pin] & LEVEL) != 0) {
            level(pin);
        } else if (high && (redirection[pin] & MASKED) == 0) {
            send(pin);      // An edge at a masked pin is lost (82093AA data sheet, "Interrupt Mask").
        }
    }

    /** Sends for a level-triggered pin that asks, is not masked and has not been answered. */
    private void level(int pin) {
        boolean asks = (inputs & 1 << pin) != 0;
        if (asks && (redirection[pin] & (LEVEL | REMOTE_IRR | MASKED)) == LEVEL && send(pin)) {
            redirection[pin] |= REMOTE_IRR;
        }
    }

    private boolean send(int pin) {
        long entry = redirection[pin];
        DeliveryMode mode = DeliveryMode.of((int) entry >> 8);
        if (mode == DeliveryMode.STARTUP) {
            return false;       // Reserved in a redirection entry.
        }
        boolean level = (entry & LEVEL) != 0;
        return bus.send(mode, (int) entry & 0xff, level, (int) (entry >>> 56), (entry & LOGICAL) != 0);
    }

    private void endOfInterrupt(int vector) {
        for (int pin = 0; pin < PINS; pin++) {
            long entry = redirection[pin];
            if ((entry & 0xff) == vector && (entry & LEVEL) != 0 && (entry & REMOTE_IRR) != 0) {
                redirection[pin] &= ~REMOTE_IRR;
                level(pin);
            }
        }
    }
}
