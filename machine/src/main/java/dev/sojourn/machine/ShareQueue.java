package dev.sojourn.machine;

import dev.sojourn.device.virtio.fs.FileService;
import dev.sojourn.share.SharedDirectory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.io.IOException;
import java.util.function.Consumer;

/** A shared directory whose requests are answered on a thread of its own. */
final class ShareQueue implements FileService, AutoCloseable {
    private final SharedDirectory directory;
    private final WorkThread thread;
    private final Consumer<IOException> failures;

    ShareQueue(SharedDirectory directory, WorkThread thread, Consumer<IOException> failures) {
        this.directory = directory;
        this.thread = thread;
        this.failures = failures;
    }

    @Override
    public void submit(byte[] request, int length, byte[] reply, int room, Answer answer) {
        thread.run(() -> directory.answer(request, length, reply, room), answer::done);
    }

    @Override
    public void save(StateWriter out) { directory.save(out); }

    @Override
    public void restore(StateReader in) throws BadState { directory.restore(in); }

    @Override
    public void close() {
        thread.close();
        try {
            directory.close();
        } catch (IOException e) {
            failures.accept(e);
        }
    }
}
