package dev.sojourn.conformance.system;

import dev.sojourn.snapshot.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Files that take so many calls, and of the next one half; then the power is gone, but for taking files away. */
final class FailingStorage implements Storage {
    private int left;

    FailingStorage(int calls) { left = calls; }

    @Override
    public Output create(Path path) throws IOException {
        spend();
        Output file = FILES.create(path);
        return new Output() {
            @Override
            public void write(long position, ByteBuffer bytes) throws IOException {
                if (left == 0) {
                    file.write(position, bytes.slice(bytes.position(), bytes.remaining() / 2));
                }
                spend();
                file.write(position, bytes);
            }

            @Override
            public void force() throws IOException {
                spend();
                file.force();
            }

            @Override
            public void close() throws IOException { file.close(); }
        };
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
        spend();
        FILES.replace(from, to);
    }

    @Override
    public void delete(Path path) throws IOException { FILES.delete(path); }

    private void spend() throws IOException {
        if (left-- == 0) {
            throw new IOException("No power");
        }
    }
}
