package dev.sojourn.device.pci;

/** The configuration space of a function, all of it; only what a guest may write is taken back. */
public record ConfigurationSpaceState(byte[] bytes) {
    public ConfigurationSpaceState {
        if (bytes.length != ConfigurationSpace.BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes, not " + ConfigurationSpace.BYTES);
        }
        bytes = bytes.clone();
    }

    @Override public byte[] bytes() { return bytes.clone(); }
}
