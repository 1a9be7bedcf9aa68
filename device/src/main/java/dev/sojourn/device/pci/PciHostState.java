package dev.sojourn.device.pci;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** The register of the configuration mechanism. */
public record PciHostState(int configAddress) {
    public static final PciHostState POWER_ON = new PciHostState(0);

    public PciHostState { configAddress &= PciHost.CONFIG_ADDRESS_BITS; }

    void save(StateWriter out) { out.number("config-address", configAddress); }

    static PciHostState read(StateReader in) throws BadState { return new PciHostState(in.number32("config-address")); }
}
