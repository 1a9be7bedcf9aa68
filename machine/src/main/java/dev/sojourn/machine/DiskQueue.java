package dev.sojourn.machine;

import dev.sojourn.device.virtio.block.BlockStore;
import dev.sojourn.disk.DiskImage;
import java.io.IOException;
import java.util.function.Consumer;

/** A disk whose image is read and written on a thread of its own, so that no processor waits for the host's disk. */
final class DiskQueue implements BlockStore, AutoCloseable {
    private interface Work {
        void run() throws IOException;
    }

    private final DiskImage image;
    private final WorkThread thread;
    private final Consumer<IOException> failures;

    /**
     * @param thread does the work, in the order in which it came
     * @param failures told what went wrong, which the guest learns as an error of the disk
     */
    DiskQueue(DiskImage image, WorkThread thread, Consumer<IOException> failures) {
        this.image = image;
        this.thread = thread;
        this.failures = failures;
    }

    @Override
    public long sectors() { return image.bytes() / SECTOR_BYTES; }

    @Override
    public boolean readOnly() { return image.readOnly(); }

    @Override
    public void read(long position, byte[] target, int length, Completion completion) {
        run(() -> image.read(position, target, 0, length), completion);
    }

    @Override
    public void write(long position, byte[] source, int length, Completion completion) {
        run(() -> image.write(position, source, 0, length), completion);
    }

    @Override
    public void flush(Completion completion) { run(image::flush, completion); }

    @Override
    public void zero(long position, long length, Completion completion) { run(() -> image.zero(position, length), completion); }

    @Override
    public void discard(long position, long length, Completion completion) {
        run(() -> image.discard(position, length), completion);
    }

    /** Does what is still to be done, and closes the image. */
    @Override
    public void close() {
        thread.close();
        try {
            image.close();
        } catch (IOException e) {
            failures.accept(e);
        }
    }

    private void run(Work work, Completion completion) {
        thread.run(() -> {
            try {
                work.run();
                return true;
            } catch (IOException e) {
                failures.accept(e);
                return false;
            }
        }, completion::done);
    }
}
