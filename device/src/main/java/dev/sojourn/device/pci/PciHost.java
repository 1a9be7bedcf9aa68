package dev.sojourn.device.pci;

import dev.sojourn.device.PortDevice;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import dev.sojourn.state.Stateful;

/** Configuration mechanism #1 and the functions on bus 0 (PCI 3.0, section 3.2.2.3.2). */
public final class PciHost implements PortDevice, Stateful {
    public static final int PORTS = 8;
    public static final int DEVICES = 32;
    public static final int FUNCTIONS = 8;

    static final int CONFIG_ADDRESS_BITS = 0x80ff_fffc;

    private static final int CONFIG_ADDRESS = 0;
    private static final int CONFIG_DATA = 4;
    private static final int RESET_CONTROL = 1;
    private static final int ENABLE = 1 << 31;

    private final PciFunction[] functions = new PciFunction[DEVICES * FUNCTIONS];
    private final PortDevice resetControl;
    private int configAddress;

    /**
     * @param resetControl the byte-wide register at 0xcf9, which hides under CONFIG_ADDRESS: only accesses of four
     *     bytes are the latter's
     */
    public PciHost(PortDevice resetControl) {
        this.resetControl = resetControl;
        restore(PciHostState.POWER_ON);
    }

    public PciHostState state() { return new PciHostState(configAddress); }

    public void restore(PciHostState state) { configAddress = state.configAddress(); }

    @Override public void save(StateWriter out) { state().save(out); }

    @Override public void restore(StateReader in) throws BadState {
        restore(PciHostState.read(in));
    }

    /** Plugs in a function, before the guest looks. */
    public void plug(int device, int function, PciFunction it) {
        if (device < 0 || device >= DEVICES || function < 0 || function >= FUNCTIONS) {
            throw new IllegalArgumentException("No PCI slot " + device + "." + function);
        }
        int slot = device * FUNCTIONS + function;
        if (functions[slot] != null) {
            throw new IllegalArgumentException("PCI slot " + device + "." + function + " is taken");
        }
        functions[slot] = it;
    }

    @Override public int in(int offset, int size) {
        if (offset == CONFIG_ADDRESS && size == 4) {
            return configAddress;
        }
        if (offset == RESET_CONTROL && size == 1) {
            return resetControl.in(0, 1);
        }
        PciFunction function = addressed(offset, size);
        return function == null ? -1 : function.readConfiguration(register(offset), size);
    }

    @Override public void out(int offset, int size, int value) {
        if (offset == CONFIG_ADDRESS && size == 4) {
            configAddress = value & CONFIG_ADDRESS_BITS;
        } else if (offset == RESET_CONTROL && size == 1) {
            resetControl.out(0, 1, value);
        } else {
            PciFunction function = addressed(offset, size);
            if (function != null) {
                function.writeConfiguration(register(offset), size, value);
            }
        }
    }

    /** Whom an access to CONFIG_DATA reaches; {@code null} if nobody. */
    private PciFunction addressed(int offset, int size) {
        boolean data = offset >= CONFIG_DATA && offset + size <= PORTS;
        boolean firstBus = (configAddress >> 16 & 0xff) == 0;
        return data && firstBus && (configAddress & ENABLE) != 0 ? functions[configAddress >> 8 & 0xff] : null;
    }

    private int register(int offset) { return configAddress & 0xfc | offset & 3; }
}
