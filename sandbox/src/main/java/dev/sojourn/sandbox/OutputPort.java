package dev.sojourn.sandbox;

import dev.sojourn.device.ByteSink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Carries a device's output straight to a stream of the host; the first failure is reported, the rest is dropped. */
final class OutputPort implements ByteSink {
    private final OutputStream target;
    private final Consumer<IOException> failed;
    private Optional<IOException> failure = Optional.empty();

    OutputPort(OutputStream target, Consumer<IOException> failed) {
        this.target = target;
        this.failed = failed;
    }

    @Override public void write(byte[] source, int offset, int length) {
        if (failure.isPresent()) return;
        try {
            target.write(source, offset, length);
            target.flush();
        } catch (IOException e) {
            failure = Optional.of(e);
            failed.accept(e);
        }
    }
}
