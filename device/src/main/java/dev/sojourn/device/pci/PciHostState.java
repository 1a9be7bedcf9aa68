package dev.sojourn.device.pci;

/** The register of the configuration mechanism. */
public record PciHostState(int configAddress) {
    public static final PciHostState POWER_ON = new PciHostState(0);

    public PciHostState { configAddress &= PciHost.CONFIG_ADDRESS_BITS; }
}
