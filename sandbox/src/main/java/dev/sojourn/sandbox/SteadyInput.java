package dev.sojourn.sandbox;

import dev.sojourn.device.ByteSource;
import java.io.IOException;
import java.io.InputStream;

/** The input of a run that is to repeat: a device gets all it asks for, up to the end, however slowly it comes. */
final class SteadyInput implements ByteSource {
    private final InputStream source;

    SteadyInput(InputStream source) { this.source = source; }

    /** Waits. A stream that fails has ended. */
    @Override public int read(byte[] target, int offset, int length) {
        if (length == 0) return 0;
        try {
            int taken = source.readNBytes(target, offset, length);
            return taken == 0 ? -1 : taken;
        } catch (IOException _) {
            return -1;
        }
    }
}
