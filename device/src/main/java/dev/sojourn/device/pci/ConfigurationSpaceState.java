package dev.sojourn.device.pci;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;

/** The configuration space of a function, all of it; only what a guest may write is taken back. */
public record ConfigurationSpaceState(byte[] bytes) {
    public ConfigurationSpaceState {
        if (bytes.length != ConfigurationSpace.BYTES) {
            throw new IllegalArgumentException(bytes.length + " bytes, not " + ConfigurationSpace.BYTES);
        }
        bytes = bytes.clone();
    }

    @Override public byte[] bytes() { return bytes.clone(); }

    void save(StateWriter out) { out.bytes("bytes", bytes); }

    static ConfigurationSpaceState read(StateReader in) throws BadState {
        return new ConfigurationSpaceState(in.bytesOf("bytes", ConfigurationSpace.BYTES));
    }
}
