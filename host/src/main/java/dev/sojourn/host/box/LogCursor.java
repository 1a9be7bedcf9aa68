package dev.sojourn.host.box;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Reads the lines of an {@link OutputLog}, while it is written or long after; each reader has its own, and none holds up the
 * writer. A line that was cut off by the host's end is left out; files that were removed before they were read are passed over.
 */
final class LogCursor implements AutoCloseable {
    /** No line of ours is as long. */
    private static final int LINE_BYTES_MAX = 1 << 18;

    private final Path folder;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private FileChannel file;
    private int fileNumber;

    LogCursor(Path folder) { this.folder = folder; }

    /** The next whole line, without its line feed; empty if there is none yet. */
    Optional<String> next() throws IOException {
        while (true) {
            while (buffer.hasRemaining()) {
                byte b = buffer.get();
                if (b == '\n') {
                    String text = line.toString(StandardCharsets.UTF_8);
                    boolean whole = line.size() < LINE_BYTES_MAX;
                    line.reset();
                    if (whole) return Optional.of(text);
                } else if (line.size() < LINE_BYTES_MAX) {
                    line.write(b);
                }
            }
            if (!fill()) return Optional.empty();
        }
    }

    @Override public void close() throws IOException {
        if (file != null) file.close();
    }

    /** Reads on, in the next file if this one has ended and there is one. */
    private boolean fill() throws IOException {
        if (read()) return true;
        OptionalInt following = following();
        if (following.isEmpty()) return false;
        // Whoever made the next file had written all of this one.
        if (read()) return true;
        close();
        line.reset();
        fileNumber = following.getAsInt();
        try {
            file = FileChannel.open(folder.resolve(OutputLog.NAME.formatted(fileNumber)), StandardOpenOption.READ);
        } catch (NoSuchFileException _) {
            file = null;    // Removed meanwhile: the one after it is next.
        }
        return true;
    }

    private boolean read() throws IOException {
        if (file == null) return false;
        buffer.clear();
        int taken = file.read(buffer);
        buffer.flip();
        return taken > 0;
    }

    private OptionalInt following() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).filter(name -> name.matches("output-[0-9]{6,9}\\.ndjson"))
                    .mapToInt(name -> Integer.parseInt(name.substring("output-".length(), name.length() - ".ndjson".length())))
                    .filter(number -> number > fileNumber).min();
        } catch (NoSuchFileException _) {
            return OptionalInt.empty();
        }
    }
}
