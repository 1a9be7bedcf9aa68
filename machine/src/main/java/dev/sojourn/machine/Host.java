package dev.sojourn.machine;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;
import dev.sojourn.interfaces.ExitTrace;
import java.io.IOException;
import java.util.List;

/**
 * How the outside is joined to a machine. All is called on the machine's thread.
 *
 * <p>The ports are {@link #SERIAL}, the console at COM1, and those of the virtio console: {@link #TTY}, {@link #STDIN},
 * {@link #STDOUT}, {@link #STDERR} and {@link #CONTROL}.
 */
public interface Host {
    String SERIAL = "serial";
    String TTY = "tty";
    String STDIN = "stdin";
    String STDOUT = "stdout";
    String STDERR = "stderr";
    String CONTROL = "control";

    /** One that hears nothing and says nothing. */
    Host NOWHERE = new Host() {
        @Override public ByteSink output(String port) { return ByteSink.NONE; }

        @Override public ByteSource input(String port) { return ByteSource.NONE; }
    };

    /** Where a port's output goes. */
    ByteSink output(String port);

    /** Where a port's input comes from; {@link Machine#inputReady} tells when to look again. */
    ByteSource input(String port);

    /** Devices beside those every machine has; their guest finds them in this order. Asked once. */
    default List<Attachment> attachments() { return List.of(); }

    /** A device's back end failed, which the guest was told as an error of the device. Any thread. */
    default void deviceFailed(String device, IOException failure) {}

    /** Who is told of every exit of the machine. */
    default ExitTrace trace() { return ExitTrace.NONE; }
}
