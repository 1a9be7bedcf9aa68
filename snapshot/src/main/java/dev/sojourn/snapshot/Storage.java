package dev.sojourn.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Where snapshots are written: the file system, or what a test puts in its place. */
public interface Storage {
    /** The files of this computer. */
    Storage FILES = new Storage() {
        @Override
        public Output create(Path path) throws IOException {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                    StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
            return new Output() {
                @Override
                public void write(long position, ByteBuffer bytes) throws IOException {
                    for (long at = position; bytes.hasRemaining(); ) {
                        at += channel.write(bytes, at);
                    }
                }

                @Override
                public void force() throws IOException { channel.force(true); }

                @Override
                public void close() throws IOException { channel.close(); }
            };
        }

        @Override
        public void replace(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceNames(to.toAbsolutePath().getParent());
        }

        /** So that the name survives a loss of power; where a folder cannot be forced, the old file may come back instead. */
        private void forceNames(Path folder) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException _) {
                // The new file is in its place, whole.
            }
        }

        @Override
        public void delete(Path path) throws IOException { Files.deleteIfExists(path); }
    };

    /** As {@link #FILES}, for files that are not to survive anything. */
    Storage VOLATILE = new Storage() {
        @Override
        public Output create(Path path) throws IOException {
            Output file = FILES.create(path);
            return new Output() {
                @Override
                public void write(long position, ByteBuffer bytes) throws IOException { file.write(position, bytes); }

                @Override
                public void force() {}

                @Override
                public void close() throws IOException { file.close(); }
            };
        }

        @Override
        public void replace(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void delete(Path path) throws IOException { FILES.delete(path); }
    };

    /** A file being written. */
    interface Output extends Closeable {
        /** Writes all of it; what lies between writes is zero. */
        void write(long position, ByteBuffer bytes) throws IOException;

        /** Returns when all of it will survive a loss of power. */
        void force() throws IOException;
    }

    Output create(Path path) throws IOException;

    /** Gives a file another's name, which loses its content at that moment and not before. */
    void replace(Path from, Path to) throws IOException;

    void delete(Path path) throws IOException;
}
