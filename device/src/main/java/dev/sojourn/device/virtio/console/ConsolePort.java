package dev.sojourn.device.virtio.console;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One port, as a machine wants it.
 *
 * <p>The end of {@code source} closes the host's side of the port. A Linux guest then reads the end of the file, and
 * its writes to the port wait for ever: a stream that goes both ways is two ports, or has a source that does not end. A
 * console has no end: there the guest is not told.
 *
 * @param name what the guest finds the port by: 1 to 64 printable ASCII characters
 * @param console whether it is a terminal of the guest (hvc0, hvc1, ...) and not a device file of its own
 * @param source what the guest reads
 * @param sink what the guest writes
 */
public record ConsolePort(String name, boolean console, ByteSource source, ByteSink sink) {
    /** Long enough to say what a port is for, short enough for any driver's control buffer. */
    public static final int NAME_BYTES_MAX = 64;

    public ConsolePort {
        Objects.requireNonNull(source);
        Objects.requireNonNull(sink);
        if (name.isEmpty() || name.length() > NAME_BYTES_MAX || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("Not a port name: " + name);
        }
    }

    byte[] nameBytes() { return name.getBytes(StandardCharsets.US_ASCII); }
}
